# Makes the throw-away Debian look like a Mac to the scripts: its folders, and stand-ins for what only macOS has. Each
# writes down that it was called; those that change something do it with the means of Debian. Laid after expect.sh.
scripts=/role/workstation/macos
mkdir -p /Users /Applications /Library/Preferences /Library/LaunchDaemons /Library/LaunchAgents \
    /private/etc /private/tmp /private/var/tmp /private/var/db/com.apple.xpc.launchd/config /run/launchd
chmod 1777 /private/tmp /private/var/tmp
chgrp 80 /Applications
chmod 775 /Applications # as on a Mac, where administrators may write here
for name in anna bert; do
    usermod -d "/Users/$name" -m "$name"
done
mail=/Users/anna/Library/Thunderbird/Profiles/x.default/ImapMail/mail.example
mkdir -p "${mail%/*}"
mv /Users/anna/.thunderbird/x.default/ImapMail/mail.example "$mail"
rm -r /Users/anna/.thunderbird
chown -R anna: /Users/anna
echo 0 >/run/console
: >/run/who

# stand_in NAME: the program is what comes on stdin
stand_in() {
    {
        printf '#!/bin/dash\nprintf "%%s\\n" "%s $*" >>/run/calls\n' "$1"
        cat
    } >"/usr/sbin/$1"
    chmod 755 "/usr/sbin/$1"
}
: >/run/calls
chmod 666 /run/calls

stand_in stat <<'EOF'
[ "$1" = -f ] || exec /usr/bin/stat "$@"
format=$2
shift 2
[ "$1" != -- ] || shift
if [ "$1" = /dev/console ]; then exec cat /run/console; fi
case $format in
    '%u:%g:%Mp%Lp') exec /usr/bin/stat -c '%u:%g:%04a' -- "$1" ;;
    '%u') exec /usr/bin/stat -c '%u' -- "$1" ;;
esac
exit 64
EOF
stand_in ls <<'EOF'
[ "$1" = -lde ] || exec /usr/bin/ls "$@"
/usr/bin/ls -ld -- "$3"
echo ' 0: group:everyone deny delete'
/usr/bin/getfacl -c -p -- "$3" | sed -n 's/^user:\([a-z][a-z]*\):rwx.*/ 1: user:\1 allow list,add_file,search/p'
EOF
# the list takes the place of the former one, as with chmod -E of macOS
stand_in chmod <<'EOF'
case $* in
    '-N -- '*) exec /usr/bin/setfacl -b -- "$3" ;;
    '-R -N -- '*) exec /usr/bin/setfacl -R -P -b -- "$4" ;;
    '-E -- '*)
        sed -n 's/^user:\([a-z]*\) allow .*/user:\1:rwx/p' >/run/entries
        exec /usr/bin/setfacl -M /run/entries -- "$3"
        ;;
esac
exec /usr/bin/chmod "$@"
EOF
stand_in dscl <<'EOF'
case $* in
    '. -list /Users UniqueID') getent passwd | awk -F : '{ printf "%-20s %s\n", $1, $3 }' ;;
    '. -list /Users NFSHomeDirectory') getent passwd | awk -F : '{ printf "%-20s %s\n", $1, $6 }' ;;
    *) exit 64 ;;
esac
EOF
stand_in id <<'EOF'
[ "$1" = -P ] || exec /usr/bin/id "$@"
getent passwd "$2" | awk -F : '{ print $1 ":********:" $3 ":" $4 "::0:0:A name: with colons:" $6 ":" $7 }' | grep .
EOF
stand_in defaults <<'EOF'
exec /usr/bin/python3 /usr/lib/plist.py "$@"
EOF
cat >/usr/lib/plist.py <<'EOF'
import os, plistlib, sys
verb, path, key, rest = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
held = plistlib.load(open(path, 'rb')) if os.path.exists(path) else {}
if verb != 'write' and key not in held:
    sys.exit(1)
if verb == 'read':
    print(held[key])
    sys.exit()
if verb == 'write':
    held[key] = int(rest[1]) if rest[0] == '-int' else rest[1]
else:
    del held[key]
if held:
    plistlib.dump(held, open(path, 'wb'))
elif os.path.exists(path):
    os.remove(path)
EOF
stand_in launchctl <<'EOF'
case $1:$2 in
    print:system/*) [ -e "/run/launchd/${2#system/}" ] || exit 113 ;;
    print:gui/*) grep -q -x "${2#gui/}" /run/gui 2>/dev/null || exit 113 ;;
    bootstrap:system)
        label=$(/usr/bin/python3 -c 'import plistlib,sys; print(plistlib.load(open(sys.argv[1],"rb"))["Label"])' "$3") || exit 5
        [ ! -e "/run/launchd/$label" ] || exit 5
        : >"/run/launchd/$label"
        ;;
    bootout:system/*) rm "/run/launchd/${2#system/}" ;;
    config:user) defaults write /private/var/db/com.apple.xpc.launchd/config/user.plist Umask -int "$((0$4))" ;;
    *) exit 64 ;;
esac
EOF
stand_in sudo <<'EOF'
[ "$1 $2" = '-n -u' ] && [ "$4" = -- ] || exit 64
uid=${3#?}
shift 4
exec setpriv --reuid="$uid" --regid="$(getent passwd "$uid" | cut -d : -f 4)" --init-groups -- "$@"
EOF
stand_in chflags <<'EOF'
exit 0
EOF
stand_in getconf <<'EOF'
case $1 in
    DARWIN_USER_TEMP_DIR) printf '/var/folders/zz/%s/T/\n' "$(id -u)" ;;
    DARWIN_USER_CACHE_DIR) printf '/var/folders/zz/%s/C/\n' "$(id -u)" ;;
    *) exit 64 ;;
esac
EOF
stand_in who <<'EOF'
cat /run/who
EOF
ln -s /usr/bin/original-awk /usr/sbin/awk # the awk of the BSDs and of macOS
