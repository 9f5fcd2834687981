# What the program for sessions asks of the system, for macOS.

# loosen PATH: takes away what keeps its owner from removing it
loosen() {
    chflags -R nouchg,nouappnd -- "$1" 2>/dev/null
    chmod -R -N -- "$1" 2>/dev/null
    chmod -R u+rwX -- "$1" 2>/dev/null
}

# named NAME: empties the folder outside of the home folder that macOS gives the person for this purpose
named() {
    used=$(limited 5 getconf "$1" 2>/dev/null) || return 0
    used=/private${used#/private}
    case $used in
        */../* | */..) ;;
        /private/var/folders/*/*/?/) own "$used" ;;
    esac
}

# run_as UID HOME COMMAND...: with the rights of this person
run_as() {
    uid_of=$1
    home_of_it=$2
    shift 2
    limited 60 sudo -n -u "#$uid_of" -- \
        /usr/bin/env -i HOME="$home_of_it" PATH="$PATH" LC_ALL=C groundplan_keep="$keep" "$@"
}
