# Packages of Evolution and KMail on a machine with a network of its own.
ip link set lo up
printf '127.0.0.1 localhost imap.lindenau.example smtp.lindenau.example\n' >/etc/hosts
rm -f /etc/dconf/profile/user /usr/share/dconf/profile/user
mkdir -p /tmp/run
chown anna: /tmp/run
mail=/org/gnome/evolution/mail

# as_anna COMMAND...: in a session of this person, with nothing of the caller's environment
cat >/usr/bin/as_anna <<'EOF'
#!/bin/sh
exec person anna env -i PATH=/usr/bin:/bin LANG=C.UTF-8 HOME=/home/anna USER=anna XDG_RUNTIME_DIR=/tmp/run "$@"
EOF
chmod 755 /usr/bin/as_anna
value() { as_anna dconf read "$1"; }
entry() { as_anna kreadconfig5 --file "$1" --group "$2" --key "$3"; }

same "$(value $mail/image-loading-policy)" ''
want 0 dpkg -i /role/1.deb
same "$(value $mail/image-loading-policy)" "'never'"
want 1 as_anna dconf write $mail/image-loading-policy "'always'"
says non-writable
same "$(entry mailviewerrc Reader htmlLoadExternal)" false
as_anna kwriteconfig5 --file mailviewerrc --group Reader --key htmlLoadExternal true || :
same "$(entry mailviewerrc Reader htmlLoadExternal)" false
same "$(entry mailtransports 'Transport 2454' user)" anna

# The program itself: nobody is led through a set-up, and it turns to the server of the plan.
python3 /role/imap.py &
server=$!
Xvfb -displayfd 3 -screen 0 1024x768x24 3>/tmp/display >/tmp/xvfb.log 2>&1 &
screen=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
    if [ -s /tmp/display ]; then break; fi
    sleep 1
done
as_anna timeout -k 2 90 env DISPLAY=":$(cat /tmp/display)" GDK_BACKEND=x11 NO_AT_BRIDGE=1 GIO_USE_NETWORK_MONITOR=base \
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1 dbus-run-session -- evolution >/tmp/evolution.log 2>&1 </dev/null &
waited=0
until grep -q CAPABILITY /tmp/imap.log; do
    waited=$((waited + 1))
    if [ $waited -gt 60 ]; then
        printf 'Evolution did not turn to the server:\n'
        cat /tmp/imap.log /tmp/evolution.log
        exit 1
    fi
    sleep 1
done
kill "$server" "$screen"
own=/home/anna/.config/evolution/sources
grep -q '^Address=anna@lindenau.example$' $own/groundplan-identity.source
grep -q '^User=anna$' $own/groundplan-mail.source
[ -d /home/anna/.cache/evolution/mail/groundplan-mail ]

# A newer package changes what was set; a profile of the administrator is left alone and named.
want 0 dpkg -i /role/2.deb
same "$(value $mail/image-loading-policy)" "'sometimes'"
mkdir -p /etc/dconf/profile
printf 'user-db:user\nsystem-db:site\n' >/etc/dconf/profile/user
want 0 dpkg -i /role/1.deb
says 'does not name the database groundplan-evolution'
same "$(value $mail/image-loading-policy 2>/dev/null)" ''
same "$(cat /etc/dconf/profile/user)" 'user-db:user
system-db:site'
rm /etc/dconf/profile/user
same "$(value $mail/image-loading-policy)" "'never'"

# On a shared computer the scripts have a database of their own; both count, and undo leaves ours.
want 0 dpkg -i /role/3.deb
want 0 /usr/share/groundplan/workstation/linux/apply
same "$(cat /etc/dconf/profile/user)" 'user-db:user
system-db:groundplan
system-db:groundplan-evolution'
same "$(value $mail/image-loading-policy)" "'never'"
same "$(value /org/gnome/desktop/screensaver/lock-enabled)" true
want 0 /usr/share/groundplan/workstation/linux/check
want 0 /usr/share/groundplan/workstation/linux/undo
[ ! -e /etc/dconf/profile/user ]
same "$(value $mail/image-loading-policy)" "'never'"

want 0 dpkg -r groundplan-everyone
[ ! -e /etc/dconf/db/groundplan-evolution ]
[ ! -e /etc/xdg/kmail2rc ]
same "$(value $mail/image-loading-policy)" ''
printf 'all steps done\n'
