# Two people share a Mac; the scripts close their folders, and undo opens them as they were.
plist=/Library/Preferences/com.apple.loginwindow.plist
defaults write "$plist" autoLoginUser -string anna
defaults write "$plist" Other -int 4
printf 'hidden' >/private/etc/kcpassword
chmod 600 /private/etc/kcpassword
mkdir -p /Applications/Thunderbird.app/Contents/Resources
chmod 775 /Users/anna # the access lists of Debian have a mask for the group, those of a Mac have none
setfacl -m u:bert:rwx /Users/anna
ls -lde -- /Users/anna | grep -q ' 1: user:bert allow'
picture >/run/before

person bert cat "$mail/INBOX" | grep -q 'secret words'
want 1 "$scripts/check"
says '2 home folders are open'
want 0 "$scripts/jamf-attribute"
same "$(cat /tmp/out)" '<result>drift: homes.mode, homes.umask, sign-in.automatic, sign-in.password, clean.program, clean.sign-out, clean.rounds, clean.loaded, thunderbird.defaults</result>'
picture >/run/now
cmp /run/before /run/now

: >/run/calls
want 0 "$scripts/apply"
says '2 home folders closed'
says 'thunderbird.defaults'
grep -q '^launchctl config user umask 077$' /run/calls
grep -q '^launchctl bootstrap system /Library/LaunchDaemons/groundplan.rounds.plist$' /run/calls
want 0 "$scripts/apply"
says 'nothing to change'
want 0 "$scripts/check"
want 0 "$scripts/jamf-attribute"
same "$(cat /tmp/out)" '<result>compliant</result>'
want 0 "$scripts/check" --json
same "$(jq -r '.result, .about.organisation, .about.role' /tmp/out)" 'compliant
Stadtwerke Lindenau
control room'
same "$(jq -r '[.items[].id] | length == (unique | length)' /tmp/out)" true
if grep -q -e anna -e bert -e 4001 /tmp/out; then
    printf 'a person is named\n'
    exit 1
fi

same "$(stat -c %a /Users/anna)" 700
want 1 person bert cat "$mail/INBOX"
says 'Permission denied'
person anna cat "$mail/INBOX" | grep -q 'secret words'
same "$(ls -lde -- /Users/anna | grep -c allow)" 0
for script in apply check undo jamf-attribute; do
    want 77 setpriv --reuid=4001 --regid=4001 --clear-groups "$scripts/$script"
    want 64 "$scripts/$script" --force
    want 0 setpriv --reuid=4001 --regid=4001 --clear-groups "$scripts/$script" --about
    says 'Stadtwerke Lindenau'
done
want 1 defaults read "$plist" autoLoginUser
same "$(defaults read "$plist" Other)" 4
same "$(defaults read /private/var/db/com.apple.xpc.launchd/config/user.plist Umask)" 63
[ ! -e /private/etc/kcpassword ]
cmp /role/thunderbird/defaults.js /Applications/Thunderbird.app/Contents/Resources/defaults/pref/groundplan.js
[ ! -e /Applications/Thunderbird.app/Contents/Resources/distribution ] # the profile brings the policies
for job in /Library/LaunchDaemons/groundplan.rounds.plist /Library/LaunchAgents/groundplan.sign-out.plist; do
    python3 -c 'import plistlib,sys; print(sorted(plistlib.load(open(sys.argv[1],"rb")).items()))' "$job"
    xmllint --noout --nonet "$job"
done >/tmp/out
same "$(cat /tmp/out)" "[('Label', 'groundplan.rounds'), ('ProcessType', 'Background'), ('ProgramArguments', ['/Library/Groundplan/session', 'round']), ('RunAtLoad', True), ('StartInterval', 60)]
[('Label', 'groundplan.sign-out'), ('LimitLoadToSessionType', 'LoginWindow'), ('ProcessType', 'Background'), ('ProgramArguments', ['/Library/Groundplan/session', 'sweep']), ('RunAtLoad', True)]"
[ -x /Library/Groundplan/session ]

# an application of somebody else than root is not written to
chown anna /Applications/Thunderbird.app
want 2 "$scripts/check"
says 'refused'
chown root /Applications/Thunderbird.app
same "$(stat -c '%a %U' /private/var/db/groundplan)" '700 root'

# a command that never answers ends after its time
cp /usr/sbin/dscl /tmp/dscl
printf '#!/bin/sh\nexec sleep 100\n' >/usr/sbin/dscl
cp /role/workstation/macos/check /tmp/hasty
sed -i 's/limited 20/limited 1/' /tmp/hasty
want 2 sh /tmp/hasty
says 'the list of accounts did not come'
cp /tmp/dscl /usr/sbin/dscl
same "$(pgrep -c -f 'sleep 100' || :)" 0

# one run at a time; a run that was killed holds nothing
printf '%s %s\n' "$$" "$(ps -o lstart= -p "$$")" >/private/var/db/groundplan/lock
want 124 timeout 3 "$scripts/apply"
if grep -q applied /tmp/out; then exit 1; fi
printf '%s %s\n' "$$" 'Thu Jan  1 00:00:00 1970' >/private/var/db/groundplan/lock
want 0 "$scripts/apply"
[ ! -e /private/var/db/groundplan/lock ]

# every shell that could be /bin/sh of a Mac
for shell in bash zsh mksh dash; do
    ln -sf "/bin/$shell" /bin/sh
    want 0 "$scripts/undo"
    picture >/run/after
    diff -u /run/before /run/after
    want 0 "$scripts/apply"
    want 0 "$scripts/check"
done
want 0 "$scripts/undo"
picture >/run/after
diff -u /run/before /run/after
ls -lde -- /Users/anna | grep -q ' 1: user:bert allow'
same "$(defaults read "$plist" autoLoginUser)" anna
[ ! -e /private/var/db/groundplan ] && [ ! -e /run/launchd/groundplan.rounds ]
person bert cat "$mail/INBOX" | grep -q 'secret words'
want 0 "$scripts/undo"
says 'nothing to change'
printf 'all steps done\n'
