# What lies in a home folder before and after the system calls the program that the drop-in names.
want 0 "$scripts/apply"
hook=$(sed -n 's/^ExecStopPost=-//p' '/etc/systemd/system/user-runtime-dir@.service.d/groundplan.conf' | sed 's/%i$//')
begin=$(sed -n 's/^ExecStartPost=-//p' '/etc/systemd/system/user-runtime-dir@.service.d/groundplan.conf' | sed 's/%i$//')
same "$hook" '/usr/lib/groundplan/session close '

rm -rf /home/bert/.thunderbird
want 0 $begin 4002
same "$(stat -c '%a %U' /home/bert/.thunderbird /home/bert/.thunderbird/control-room | tr '\n' ' ')" '700 bert 700 bert '
same "$(stat -c %a /home/bert/.thunderbird/profiles.ini)" 600
grep -q '^Path=control-room$' /home/bert/.thunderbird/profiles.ini

fill() {
    profile=/home/anna/.thunderbird/x.default
    person anna mkdir -p "$profile/ImapMail/mail.example" "$profile/extensions" /home/anna/.cache/thunderbird "/home/anna/Documents/it's mail" \
        '/home/anna/$(touch ' /home/anna/keepme /home/anna/.local/share/keyrings /home/anna/.config/evolution
    for file in "$profile/ImapMail/mail.example/INBOX" "$profile/ImapMail/mail.example/prefs.js" "$profile/prefs.js" "$profile/logins.json" \
        "$profile/key4.db" "$profile/abook.sqlite" "$profile/global-messages-db.sqlite" "$profile/extensions/a.xpi" \
        "$profile/.hidden" "$profile/..strange" "/home/anna/.thunderbird/profiles.ini" "/home/anna/.thunderbird/stray.mbox" \
        /home/anna/.cache/thunderbird/x "/home/anna/Documents/it's mail/x" /home/anna/Documents/letter '/home/anna/*' \
        /home/anna/keepme/x /home/anna/.local/share/keyrings/k /home/anna/.config/evolution/sources /tmp/attachment; do
        person anna sh -c ': >"$1"' sh "$file"
    done
    chmod 500 "$profile/ImapMail/mail.example"
}
fill
: >/tmp/of-root
want 0 $hook 4001
[ ! -e /tmp/attachment ] && [ -e /tmp/of-root ]
[ -e /home/anna/keepme/x ] && [ -e /home/anna/Documents/letter ]
[ ! -e '/home/anna/*' ] && [ ! -e "/home/anna/Documents/it's mail" ] && [ ! -e /pwned ]
left=$(cd /home/anna && find . -type f | grep -v -e '^./\.bash' -e '^./\.profile' -e '^./\.mkshrc' | sort | tr '\n' ' ')
same "$left" "$EXPECTED"
[ ! -e /home/anna/.cache/thunderbird ] && [ ! -e /home/anna/.local/share/keyrings/k ] || [ "$KEYS" = kept ]

# the system's own accounts have nothing to clean
want 0 $hook 110

# whoever is signed in is left alone by the sweep; whoever is long gone loses everything
fill
mkdir -p /run/user/4001
want 0 /usr/lib/groundplan/session sweep
[ -e /home/anna/.thunderbird/x.default/logins.json ]
rmdir /run/user/4001
want 0 /usr/lib/groundplan/session sweep
[ ! -e /home/anna/.thunderbird/x.default/ImapMail ]
fill
touch -d '40 days ago' /var/lib/groundplan/seen/4001
want 0 /usr/lib/groundplan/session sweep
[ ! -e /home/anna/.thunderbird ]
printf 'all steps done\n'
