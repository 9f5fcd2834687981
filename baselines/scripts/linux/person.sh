# What the program for sessions asks of the system, for Linux.

# loosen PATH: takes away what keeps its owner from removing it
loosen() {
    chmod -R u+rwX -- "$1" 2>/dev/null
}

# named NAME: removes the folder that the desktop uses for this; never the home folder or one outside it
named() {
    command -v xdg-user-dir >/dev/null 2>&1 || return 0
    used=$(limited 5 xdg-user-dir "$1" 2>/dev/null) || return 0
    case $used in
        */../* | */.. | */. | */./*) ;;
        "$HOME"/*[!/]*) wipe "${used#"$HOME"/}" ;;
    esac
}

# run_as UID HOME COMMAND...: with the rights of this person and no others
run_as() {
    uid_of=$1
    home_of_it=$2
    shift 2
    gid=$(limited 20 getent passwd "$uid_of" | cut -d : -f 4) || return 2
    limited 60 setpriv --reuid="$uid_of" --regid="$gid" --clear-groups --no-new-privs --inh-caps=-all -- \
        env -i HOME="$home_of_it" PATH="$PATH" LC_ALL=C groundplan_keep="$keep" "$@"
}

# signed_in UID: systemd keeps this folder for as long as the person has a session
signed_in() {
    [ -d "/run/user/$1" ]
}
