# Laid before the steps of every scenario.
set -eu
[ -e /role/steps ] || exit 1 # never outside of a throw-away machine
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
umask 022
cd /
scripts=/role/workstation/linux
rm -rf /home/* /var/lib/groundplan

# want CODE COMMAND...: the command exits with the code; what it prints lies in /tmp/out
want() {
    code=$1
    shift
    got=0
    timeout -k 5 60 "$@" >/tmp/out 2>&1 </dev/null || got=$?
    if [ "$got" != "$code" ]; then
        printf 'expected exit %s, got %s: %s\n' "$code" "$got" "$*"
        cat /tmp/out
        exit 1
    fi
}

# says TEXT: the last command of `want` printed it
says() {
    if ! grep -F -q -e "$1" /tmp/out; then
        printf 'expected to read: %s\n' "$1"
        cat /tmp/out
        exit 1
    fi
}

same() {
    if [ "$1" != "$2" ]; then
        printf 'expected: %s\n     got: %s\n' "$2" "$1"
        exit 1
    fi
}

# picture: everything the scripts may touch, with types, modes, owners, contents, links and access lists
picture() {
    set --
    for place in /etc /home /usr/lib/groundplan /var/lib/systemd/linger /var/lib/groundplan /root/keep \
        /Applications /Library /Users /private/etc /private/var; do
        if [ -e "$place" ]; then set -- "$@" "$place"; fi
    done
    # names that end in - are what useradd leaves behind
    set -- "$@" ! -name '*-' ! -path '*/groundplan/journal*' ! -path '*/groundplan/lock*'
    find "$@" -printf '%p %y %m %U %G %l\n' | sort
    find "$@" -type f -exec sha256sum -- {} + | sort -k 2
    for place in /home /Users; do
        if [ -e "$place" ]; then getfacl -R -n -p "$place" 2>/dev/null; fi
    done
}

# person NAME COMMAND...: with the rights of this person
cat >/usr/bin/person <<'EOF'
#!/bin/sh
name=$1
shift
exec setpriv --reuid="$(id -u "$name")" --regid="$(id -g "$name")" --clear-groups -- "$@"
EOF
chmod 755 /usr/bin/person

useradd -m -u 4001 -s /bin/sh anna
useradd -m -u 4002 -s /bin/sh bert
chmod 755 /home/anna /home/bert
mail=/home/anna/.thunderbird/x.default/ImapMail/mail.example
person anna mkdir -p "$mail"
printf 'From: chief\n\nsecret words\n' >"$mail/INBOX"
chown -R anna: /home/anna
chmod 644 "$mail/INBOX"
