# What differs between systems, for Linux.
state=/var/lib/groundplan
self=/usr/lib/groundplan/session
home_folders=/home
administrators=none

# limited SECONDS COMMAND...: ends the command after this time
limited() {
    timeout -k 2 "$@" </dev/null
}

# facts PATH: owner, group and mode
facts() {
    stat -c '%u:%g:%a' -- "$1" 2>/dev/null
}

# keep_copy FILE COPY: with everything that belongs to it
keep_copy() {
    cp --preserve=all -- "$1" "$2"
}

settle() {
    sync -- "$1"
}

# replace NEW PATH: in one step; never into a folder
replace() {
    mv -f -T -- "$1" "$2"
}

take_lock() {
    exec 9>"$1" && flock -w 30 9
}

leave_lock() {
    : # the system gives it back
}

# first_person: the lowest UID of a person
first_person() {
    lowest=$(awk '$1 == "UID_MIN" { print $2 }' /etc/login.defs 2>/dev/null)
    printf '%s\n' "${lowest:-1000}"
}

# people: UID and home folder of everyone that the system knows
people() {
    highest=$(awk '$1 == "UID_MAX" { print $2 }' /etc/login.defs 2>/dev/null)
    accounts_of_all=$(limited 20 getent passwd) || return 1
    printf '%s\n' "$accounts_of_all" | awk -F : -v first="$(first_person)" -v last="${highest:-60000}" \
        '$3 >= first && $3 <= last && $6 != "/" && $6 != "" { print $3 ":" $6 }'
}

# home_of UID
home_of() {
    entry=$(limited 20 getent passwd "$1") || return 1
    printf '%s\n' "$entry" | cut -d : -f 6
}

# home_closed HOME: an access list for another person would show as a group's right
home_closed() {
    case $(facts "$1") in
        *:700) ;;
        *) return 1 ;;
    esac
}

close_home() {
    chmod 00700 -- "$1"
}

# keep_more KIND PATH COPY: the mode says all of a home folder
keep_more() {
    [ "$1" = mode ]
}

restore_more() {
    [ "$1" = mode ]
}

before_undo() {
    :
}

after_undo() {
    if [ -d /run/systemd/system ]; then
        limited 30 systemctl daemon-reload >/dev/null 2>&1 || say undo.reload error 'systemctl daemon-reload'
    fi
}
