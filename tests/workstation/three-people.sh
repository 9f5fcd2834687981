# Three people use one computer in turn, each with Thunderbird; what one leaves no other reads, and nothing forbidden stays.
useradd -m -u 4003 -s /bin/sh carl
groupadd -g 4100 team
for name in anna bert carl; do usermod -a -G team "$name"; done
rm -rf /home/anna/.thunderbird
chmod 775 /home/*

# as NAME COMMAND: signed in, as the system signs people in, with their groups and umask
as() {
    name=$1
    shift
    su - "$name" -c "$*"
}

# nothing_runs NAME: no program of the person; a large one that was killed takes a moment, and what only waits to be asked about
# does not count
nothing_runs() {
    waited=0
    while ps -u "$1" -o stat= | grep -q -v '^Z'; do
        sleep 0.1
        waited=$((waited + 1))
        if [ "$waited" -gt 50 ]; then
            ps -u "$1" -o pid,stat,args
            exit 1
        fi
    done
}

# sign_in NAME: the session begins, and Thunderbird runs
sign_in() {
    uid=$(id -u "$1")
    mkdir -p "/run/user/$uid"
    chown "$1" "/run/user/$uid"
    chmod 700 "/run/user/$uid"
    /usr/lib/groundplan/session open "$uid"
    profile=/home/$1/.thunderbird/control-room
    as "$1" "mkdir -p '$profile/Mail/Local Folders' && cat >'$profile/user.js'" <<'JS'
user_pref("mail.accountmanager.accounts", "account1");
user_pref("mail.accountmanager.localfoldersserver", "server1");
user_pref("mail.account.account1.server", "server1");
user_pref("mail.server.server1.type", "none");
user_pref("mail.server.server1.hostname", "Local Folders");
user_pref("mail.server.server1.userName", "nobody");
user_pref("mail.server.server1.directory-rel", "[ProfD]Mail/Local Folders");
JS
    as "$1" "printf 'From - Mon Jan  1 00:00:00 2024\nFrom: chief@example.org\nSubject: of $1\n\nsecret words of $1\n' >'$profile/Mail/Local Folders/Inbox'"
    as "$1" "printf '{\"logins\":[{\"note\":\"secret words of $1\"}]}' >'$profile/logins.json'"
    as "$1" "XDG_RUNTIME_DIR=/run/user/$uid exec timeout -k 2 50 thunderbird --headless" >/run/thunderbird.log 2>&1 </dev/null &
    waited=0
    while [ ! -s "$profile/prefs.js" ] || [ ! -s "$profile/abook.sqlite" ] || [ ! -s "$profile/key4.db" ]; do
        sleep 0.5
        waited=$((waited + 1))
        if [ "$waited" -gt 80 ]; then
            find "/home/$1"
            cat /run/thunderbird.log
            exit 1
        fi
    done
    as "$1" "mkdir -p ~/.cache/thunderbird/control-room/cache2 && printf 'secret words of $1\n' >~/.cache/thunderbird/control-room/cache2/entry"
    as "$1" "printf 'secret words of $1\n' >/tmp/attachment-of-$1"
}
# the attack: everything of a person, by every way that another one has, who belongs to the same groups; prints what was read
cat >/usr/bin/attack <<'EOF'
#!/usr/bin/python3
import os, sys

def attempt(way, path, read):
    try:
        read()
    except OSError:
        return
    print(f'read by {way}: {path}')

def linked(link, make, path):
    if os.path.lexists(link):
        os.remove(link)
    make(path, link)
    open(link, 'rb').read(1)

home = os.environ['HOME']
for path in open('/run/targets').read().splitlines():
    if path.endswith('/'):
        attempt('listing', path, lambda: os.listdir(path))
        attempt('entering', path, lambda: os.chdir(path))
        continue
    attempt('its name', path, lambda: open(path, 'rb').read(1))
    attempt('writing', path, lambda: open(path, 'ab').close())
    attempt('a symbolic link', path, lambda: linked(home + '/soft', os.symlink, path))
    attempt('a hard link', path, lambda: linked(home + '/hard', os.link, path))
    attempt('a hard link', path, lambda: linked('/tmp/hard', os.link, path))
for process in sys.argv[2:]:
    for part in ['environ', 'mem', 'maps', 'fd/1', 'cwd/.profile', f'root/home/{sys.argv[1]}/.profile']:
        attempt('a process', part, lambda: open(f'/proc/{process}/{part}', 'rb').read(1))
    attempt('open files', process, lambda: os.listdir(f'/proc/{process}/fd'))
EOF
chmod 755 /usr/bin/attack

# attacked NAME: everything that the person has is tried by the two others
attacked() {
    find "/home/$1" "/tmp/attachment-of-$1" \( -type d -printf '%p/\n' -o -print \) | sort >/run/targets
    chmod 644 /run/targets
    for other in anna bert carl; do
        if [ "$other" != "$1" ]; then as "$other" "sg team 'attack $1 $(pgrep -u "$1" | tr '\n' ' ')'"; fi
    done
}

# found NAME: files with words of the person, on the whole computer
found() {
    grep -r -l -s -F --exclude-dir=role "secret words of $1" /tmp /run || :
}

# before: with open home folders, and a list that lets a colleague in, the attack reads
as anna "mkdir -p ~/mail && printf 'secret words of anna\n' >~/mail/Inbox"
chmod -R a+rX /home/anna/mail
printf 'secret words of anna\n' >/tmp/attachment-of-anna
setfacl -R -m u:bert:rwX /home/anna
attacked anna >/run/read
for way in 'its name' listing entering writing 'a symbolic link'; do
    if ! grep -q "^read by $way: /home/anna/mail" /run/read; then
        printf 'the attack does not try %s\n' "$way"
        exit 1
    fi
done
# somebody who stands in the open folder already, with the mail open, when it is closed
as bert 'cd /home/anna/mail && exec 3<Inbox && exec sleep 1000' &
waited=0
while ! pgrep -u bert -x sleep >/dev/null && [ "$waited" -lt 50 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
want 0 "$scripts/apply"
want 0 /usr/lib/groundplan/session close 4002
nothing_runs bert
rm -r /home/anna/mail /tmp/attachment-of-anna
rm -f /home/*/soft /home/*/hard
find /run/changed /tmp \( -user anna -o -user bert -o -user carl \) -print | sort >/run/theirs

for who in anna bert carl; do
    sign_in "$who"
    same "$(pgrep -c -u "$who" -x thunderbird)" 1
    same "$(attacked "$who")" ''
    # neither does it help when the person opens everything within the own folder
    setfacl -R -m u:anna:rwX,u:bert:rwX,u:carl:rwX "/home/$who"/.[!.]*
    chgrp -R team "/home/$who"/.[!.]*
    chmod -R a+rwX "/home/$who"/.[!.]*
    same "$(attacked "$who")" ''
    want 0 "$scripts/check"

    same "$(found "$who" | wc -l)" 4
    rm -r "/run/user/$(id -u "$who")"
    want 0 /usr/lib/groundplan/session close "$(id -u "$who")"
    nothing_runs "$who"
    same "$(found "$who")" ''
    # of the person there is, on this whole computer, what was there before, but for a folder that Thunderbird makes and leaves empty
    rm -f /home/*/soft /home/*/hard
    find /run/changed /tmp \( -user anna -o -user bert -o -user carl \) -print | sort >/run/now
    same "$(comm -13 /run/theirs /run/now | grep -v -x -e "/run/changed/home/$who/thunderbird" -e "/run/changed/home/$who/.cache" || :)" ''
    find "/home/$who/thunderbird" "/home/$who/.cache" -depth -type d -exec rmdir {} + 2>/dev/null || :
done
printf 'all steps done\n'
