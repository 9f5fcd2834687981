# Paths that a user controls lead root nowhere.
etc=$(stat -c '%a %U' /etc)
rm -rf /home/bert
ln -s /etc /home/bert
chown -h bert: /home/bert # as if it were the person's own
want 2 "$scripts/apply"
says 'homes.refused'
says '1 home folders'
same "$(stat -c '%a %U' /etc)" "$etc"
same "$(stat -c %a /home/anna)" 700
want 2 "$scripts/check"
rm /home/bert

# a folder of another account
mkdir -m 755 /home/bert
chown anna: /home/bert
want 2 "$scripts/check"
want 2 "$scripts/apply"
same "$(stat -c %a /home/bert)" 755
chown bert: /home/bert

# a home folder below a place that others may write
mkdir -m 1777 /home/open
usermod -d /home/open/bert bert
mv /home/bert /home/open/bert
rmdir /home/open 2>/dev/null || :
want 2 "$scripts/apply"
same "$(stat -c %a /home/open/bert)" 755
mv /home/open/bert /home/bert
usermod -d /home/bert bert
rmdir /home/open
want 0 "$scripts/apply"
want 0 "$scripts/check"

# a file of ours that became a link, in apply and in undo
cp /etc/passwd /tmp/passwd
rm /etc/systemd/logind.conf.d/zz-groundplan.conf
ln -s /etc/passwd /etc/systemd/logind.conf.d/zz-groundplan.conf
want 2 "$scripts/apply"
says 'sessions.end'
want 2 "$scripts/undo"
cmp /etc/passwd /tmp/passwd
rm /etc/systemd/logind.conf.d/zz-groundplan.conf
want 0 "$scripts/undo"

# the journal's own place
ln -s /home/anna /var/lib/groundplan
want 2 "$scripts/apply"
says 'refused'
[ ! -e /home/anna/journal ]
rm /var/lib/groundplan

# the cleaning goes as far as the person could go
want 0 "$scripts/apply"
mkdir -p /root/keep /home/bert
: >/root/keep/mail
chmod 755 /root
rm -rf /home/anna/.thunderbird /home/anna/.cache
person anna ln -s /root/keep /home/anna/.thunderbird
person anna ln -s /etc /home/anna/.cache
person anna ln -s / /home/anna/.config
mkdir -p /etc/chromium
picture | grep -v -e home -e uncleaned >/run/etc-before
want 2 /usr/lib/groundplan/session close 4001 # .cache/chromium is a folder of /etc, which the person may not remove
picture | grep -v -e home -e uncleaned >/run/etc-after
cmp /run/etc-before /run/etc-after
[ -e /root/keep/mail ]
[ ! -L /home/anna/.thunderbird ]
want 1 "$scripts/check"
says '1 home folders hold what the last cleaning could not remove'
rm /home/anna/.cache
want 0 /usr/lib/groundplan/session close 4001
want 0 "$scripts/check"
for wrong in '' 0 -1 anna '4001;id' ../4001 4001/../x; do
    want 64 /usr/lib/groundplan/session close "$wrong"
    want 64 /usr/lib/groundplan/session open "$wrong"
done
want 77 setpriv --reuid=4001 --regid=4001 --clear-groups /usr/lib/groundplan/session close 4001
[ ! -e /pwned ]
printf 'all steps done\n'
