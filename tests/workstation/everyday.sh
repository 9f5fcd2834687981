# Two people share a computer; the scripts close their folders, and undo opens them as they were.
mkdir -p /etc/gdm3 /etc/lightdm/lightdm.conf.d /var/lib/systemd/linger
printf '[daemon]\n#  AutomaticLoginEnable = true\nAutomaticLoginEnable = true\nAutomaticLogin = anna\nTimedLoginEnable=true\n\n[security]\n' >/etc/gdm3/daemon.conf
printf '[org/gnome/desktop/background]\n[org/gnome/login-screen]\nlogo=1\n' >/etc/gdm3/greeter.dconf-defaults
printf '[LightDM]\n[Seat:*]\n#autologin-user=\nautologin-user=anna\n[Seat:seat0]\nautologin-user=bert\nxserver-command=X\n' >/etc/lightdm/lightdm.conf
printf '[Seat:seat0]\nautologin-user=bert\n' >/etc/lightdm/lightdm.conf.d/50.conf
: >/var/lib/systemd/linger/bert
printf '#!/bin/sh\n' >/usr/bin/plasmashell
chmod 755 /usr/bin/plasmashell
setfacl -m u:bert:rwx /home/anna
chmod 640 /etc/login.defs
picture >/run/before

person bert cat "$mail/INBOX" | grep -q 'secret words'
want 1 "$scripts/check"
says '2 home folders are open'
picture >/run/now
cmp /run/before /run/now

want 0 "$scripts/apply"
says '2 home folders closed'
says 'thunderbird.policies'
picture >/run/applied
want 0 "$scripts/apply"
says 'nothing to change'
picture >/run/now
diff -u /run/applied /run/now
want 0 "$scripts/check"
want 0 "$scripts/check" --json
if command -v jq >/dev/null; then
    same "$(jq -r '.result, .about.organisation, .about.role' /tmp/out)" 'compliant
Stadtwerke Lindenau
control room'
    same "$(jq -r '[.items[].id] | length == (unique | length)' /tmp/out)" true
fi
if grep -q -e anna -e bert -e 4001 /tmp/out; then
    printf 'a person is named\n'
    exit 1
fi

same "$(stat -c %a /home/anna)" 700
want 1 person bert cat "$mail/INBOX"
says 'Permission denied'
person anna cat "$mail/INBOX" | grep -q 'secret words'
for script in apply check undo; do
    want 77 setpriv --reuid=4001 --regid=4001 --clear-groups "$scripts/$script"
    want 64 "$scripts/$script" --force
    want 0 setpriv --reuid=4001 --regid=4001 --clear-groups "$scripts/$script" --about
    says 'Stadtwerke Lindenau'
done

# what the system itself makes of the files
useradd -m carl
same "$(stat -c %a /home/carl)" 700
same "$(runuser -u anna -- sh -c umask)" 0022 # a command without a session keeps the caller's
same "$(su - anna -c umask)" 0077
same "$(stat -c %a /etc/login.defs)" 640
same "$(systemd-analyze cat-config systemd/logind.conf | grep -c '^StopIdleSessionSec=30min$')" 1
same "$(systemd-analyze cat-config systemd/logind.conf | grep '^KillUserProcesses' | tail -n 1)" KillUserProcesses=yes
want 0 systemd-analyze verify --man=no /etc/systemd/system/groundplan-sweep.service /etc/systemd/system/groundplan-sweep.timer
systemd-analyze verify --man=no user-runtime-dir@4001.service multi-user.target timers.target 2>&1 </dev/null |
    if grep -i groundplan; then exit 1; fi
grep -q '^AutomaticLoginEnable=false$' /etc/gdm3/daemon.conf
grep -q '^TimedLoginEnable=false$' /etc/gdm3/daemon.conf
grep -q '^disable-user-list=true$' /etc/gdm3/greeter.dconf-defaults
if grep -E '^autologin-user=.' /etc/lightdm/lightdm.conf /etc/lightdm/lightdm.conf.d/50.conf; then exit 1; fi
grep -q '^xserver-command=X$' /etc/lightdm/lightdm.conf
[ ! -e /var/lib/systemd/linger/bert ]
same "$(cat /etc/motd.d/groundplan)" "Nur für Dienstliches.
It's logged; \$HOME \`id\` \\ %s"
if command -v dconf >/dev/null && [ -e /etc/dconf/db/groundplan ]; then
    mkdir -p /tmp/g && cp /etc/gdm3/greeter.dconf-defaults /tmp/g/00
    sed -i 's/^logo=1$//' /tmp/g/00
    dconf compile /tmp/gdm /tmp/g
    printf 'file-db:/tmp/gdm\n' >/tmp/gdm-profile
    same "$(DCONF_PROFILE=/tmp/gdm-profile dconf read /org/gnome/login-screen/banner-message-text)" \
        "\"Nur für Dienstliches.\\nIt's logged; \$HOME \`id\` \\\\ %s\""
    same "$(HOME=/tmp dconf read /org/gnome/desktop/session/idle-delay)" 'uint32 300'
    same "$(HOME=/tmp dconf read /org/gnome/desktop/screensaver/lock-enabled)" true
    want 1 env HOME=/tmp dconf write /org/gnome/desktop/session/idle-delay 'uint32 0'
    says 'non-writable'
fi

# drift is found and mended
chmod 750 /home/bert
printf 'AutomaticLoginEnable=true\n' >>/etc/gdm3/daemon.conf
sed -i 's/yes/no/' /etc/systemd/logind.conf.d/zz-groundplan.conf
sed -i 's/^AutomaticLoginEnable=false$/AutomaticLoginEnable = true/' /etc/gdm3/daemon.conf
want 1 "$scripts/check"
says 'homes.mode'
says 'sessions.end'
says 'sign-in.gdm'
want 0 "$scripts/apply"
want 0 "$scripts/check"

same "$(cut -d : -f 6- /var/lib/groundplan/journal/entries | sort | uniq -d)" ''
same "$(stat -c '%a %U' /var/lib/groundplan)" '700 root'

userdel -r carl 2>/dev/null
want 0 "$scripts/undo"
picture >/run/after
diff -u /run/before /run/after
same "$(stat -c %a /home/bert)" 755
getfacl /home/anna 2>/dev/null | grep -q '^user:bert:rwx$'
person bert cat "$mail/INBOX" | grep -q 'secret words'
[ ! -e /var/lib/groundplan ]
want 0 "$scripts/undo"
says 'nothing to change'
printf 'all steps done\n'
