# What lies in the home folder of somebody who signed out, before and after launchd calls the program.
want 0 "$scripts/apply"
session=/Library/Groundplan/session
home=/Users/anna
profile=$home/Library/Thunderbird/Profiles/x.default

fill() {
    temporary=/private/var/folders/zz/4001/T
    mkdir -p "$temporary"
    chown -R anna "$temporary"
    for file in "$profile/ImapMail/mail.example/INBOX" "$profile/prefs.js" "$profile/logins.json" "$profile/key4.db" \
        "$profile/abook.sqlite" "$profile/extensions/a.xpi" "$profile/.hidden" "$home/Library/Thunderbird/profiles.ini" \
        "$home/Library/Thunderbird/stray.mbox" "$home/Library/Caches/Thunderbird/x" "$home/Library/Mail/V10/a/b.emlx" \
        "$home/Library/Group Containers/UBF8T346G9.Office/Outlook/Outlook 15 Profiles/Main Profile/Data/x.olk15Message" \
        "$home/Library/Keychains/login.keychain-db" "$home/Downloads/letter.pdf" "$home/Downloads/.hidden" "$home/.Trash/old" \
        "$home/Library/Preferences/own.plist" "$home/Documents/letter" "$home/Documents/it's mail/x" "$home/*" "$temporary/attachment" \
        /private/tmp/attachment; do
        person anna mkdir -p "${file%/*}"
        person anna sh -c ': >"$1"' sh "$file"
    done
    chmod 500 "$profile/ImapMail/mail.example"
}
left() {
    (cd "$home" && find . -type f | grep -v -e '^./\.bash' -e '^./\.profile' -e '^./\.mkshrc' | sort | tr '\n' ' ')
}
fill
: >/private/tmp/of-root
before=$(left)

# who is signed in is left alone, at the screen, behind another session, or from afar
echo 4001 >/run/console
want 0 "$session" round
want 0 "$session" sweep
echo 0 >/run/console
echo 4001 >/run/gui
want 0 "$session" round
want 0 "$session" sweep
rm /run/gui
printf 'anna     ttys000  Nov 25 16:20\n' >/run/who
want 0 "$session" round
want 0 "$session" sweep
same "$(left)" "$before"
[ -e "$temporary/attachment" ] && [ -e /private/tmp/attachment ]

# after the sign-out the next round cleans, and ends what still runs
person anna sleep 1000 &
while ! pgrep -u anna -x sleep >/dev/null; do sleep 0.1; done
: >/run/who
want 0 "$session" round
same "$(left)" "$EXPECTED"
[ ! -e "$temporary/attachment" ] && [ -d "$temporary" ] && [ ! -e /private/tmp/attachment ] && [ -e /private/tmp/of-root ]
[ -d "$home/Downloads" ] && [ ! -e /pwned ]
same "$(pgrep -c -f 'sleep 1000' || :)" 0
wait
same "$(ls /private/var/db/groundplan/due)" ''
want 0 "$scripts/check"

# at the window for signing in everyone is cleaned, in every shell that could be /bin/sh; who is long gone loses everything
shells=dash
if [ "$KEYS" = kept ]; then shells='bash zsh mksh dash'; fi
for shell in $shells; do
    ln -sf "/bin/$shell" /bin/sh
    fill
    want 0 "$session" sweep
    same "$(left)" "$EXPECTED"
done
fill
touch -d '40 days ago' /private/var/db/groundplan/seen/4001
want 0 "$session" sweep
[ ! -e "$home/Library/Thunderbird" ]

# links lead nowhere; what could not be removed is reported until it is
mkdir -p /root/keep
: >/root/keep/mail
chmod 755 /root
person anna ln -s /root/keep "$home/Library/Thunderbird"
rm -r "$home/Library/Caches"
mkdir -p /Library/Elsewhere/Thunderbird
person anna ln -s /Library/Elsewhere "$home/Library/Caches"
want 2 "$session" sweep
[ -e /root/keep/mail ] && [ -d /Library/Elsewhere/Thunderbird ] && [ ! -L "$home/Library/Thunderbird" ]
want 1 "$scripts/check"
says '1 home folders hold what the last cleaning could not remove'
rm "$home/Library/Caches"
want 0 "$session" sweep
want 0 "$scripts/check"

for wrong in '' close 'sweep 4001' '--help'; do
    want 64 "$session" $wrong
done
want 77 person anna "$session" sweep
want 0 "$scripts/undo"
printf 'all steps done\n'
