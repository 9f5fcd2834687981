LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unset CDPATH ENV
umask 077

keep={{ keep }}
stored={{ stored_sign_in }}
accounts={{ accounts }}
if [ "$accounts" = group ]; then
    # a common account is a kiosk: it keeps nothing, whatever else was planned
    keep=nothing
    stored=false
fi
days={{ profile_days }}
failed=0

# ---- as the person, in the home folder ----

# wipe PATH: removes it; a link goes, what it leads to stays
wipe() {
    if [ -e "./$1" ] || [ -L "./$1" ]; then
        rm -rf -- "./$1" 2>/dev/null ||
            { loosen "./$1" && rm -rf -- "./$1" 2>/dev/null; } ||
            failed=2
    fi
}

# prune FOLDER NAME...: removes all but these names from the folder; the name */ stands for every folder in it
prune() {
    pruned=$1
    shift
    if [ -L "./$pruned" ]; then
        wipe "$pruned"
        return
    fi
    [ -d "./$pruned" ] || return 0
    for entry in "./$pruned"/* "./$pruned"/.[!.]* "./$pruned"/..?*; do
        [ -e "$entry" ] || [ -L "$entry" ] || continue
        stays=false
        for name; do
            if [ -L "$entry" ]; then
                continue
            elif [ "$name" = '*/' ]; then
                if [ -d "$entry" ]; then stays=true; fi
            elif [ "${entry##*/}" = "$name" ]; then
                stays=true
            fi
        done
        $stays || wipe "${entry#./}"
    done
}

# prune_each FOLDER NAME...: prunes every folder in it
prune_each() {
    each=$1
    shift
    for found in "./$each"/*/ "./$each"/.[!.]*/; do
        found=${found%/}
        [ -d "$found" ] || continue
        prune "${found#./}" "$@"
    done
}

# own FOLDER: removes what belongs to the person in a folder of all
own() {
    [ -d "$1" ] || return 0
    find "$1" -mindepth 1 -maxdepth 1 -user "$(id -u)" -exec rm -rf -- {} + 2>/dev/null || failed=2
}

person_close() {
{% for row in clean %}
{% if row.when == "always" %}
    wipe {{ row.folder }}
{% elif row.when == "nothing" %}
    [ "$keep" = settings ] || wipe {{ row.folder }}
{% elif row.when == "stored" %}
    $stored || wipe {{ row.folder }}
{% elif row.when == "inside" %}
    prune {{ row.folder }}
{% elif row.when == "own" %}
    own {{ row.folder }}
{% elif row.when == "named" %}
    named {{ row.folder }}
{% endif %}
{% endfor %}
{% for path in also_clean %}
    wipe {{ path }}
{% endfor %}
{% if keep == "settings" and accounts == "personal" %}
{% for row in clean if row.when == "except" %}
{% if loop.changed(row.folder) %}
    prune {{ row.folder }}{% for kept in clean if kept.folder == row.folder and kept.when == "except" %} {{ kept.name }}{% endfor +%}
{% endif %}
{% endfor %}
{% for row in clean if row.when == "profiles" %}
    prune_each {{ row.folder }}{% for kept in profile if kept.when == "settings" or stored_sign_in %} {{ kept.name }}{% endfor +%}
{% endfor %}
{% endif %}
    return "$failed"
}

# ---- as root ----

# as_person VERB UID: runs this program with the rights of the person, in the home folder, for a minute at most
as_person() {
    if [ "$2" -lt "$(first_person)" ] || [ "$2" = 65534 ]; then
        return 0 # the system's own accounts, such as the display manager's, have no mail
    fi
    home=$(home_of "$2") || return 2
    if [ -L "$home" ] || [ ! -d "$home" ]; then
        return 2
    fi
    case $(facts "$home") in
        "$2":*) run_as "$2" "$home" /bin/sh "$self" "person-$1" ;;
        *) return 2 ;;
    esac
}

# end_programs UID: what somebody left running in the background
end_programs() {
    limited 10 pkill -KILL -U "$1" >/dev/null 2>&1
}

# clean UID: what could not be removed is marked, for `check` to find
clean() {
    if as_person close "$1"; then
        rm -f -- "$state/uncleaned/$1"
    else
        failed=2
        mark uncleaned "$1"
    fi
}

# mark KIND UID
mark() {
    if [ -d "$state" ]; then
        mkdir -p -- "$state/$1" && : >"$state/$1/$2"
    fi
}

# long_gone UID: no sign-in for the planned number of days; the first sight of a person counts as a sign-in
long_gone() {
    if [ "$days" = 0 ]; then
        return 1
    fi
    if [ ! -e "$state/seen/$1" ]; then
        mark seen "$1"
        return 1
    fi
    [ -n "$(find "$state/seen/$1" -mtime "+$((days - 1))")" ]
}

# sweep: everyone who is not signed in
sweep() {
    planned=$keep
    rm -rf -- "$state/uncleaned"
    for uid in $(people | cut -d : -f 1); do
        if signed_in "$uid"; then
            continue
        fi
        keep=$planned
        if long_gone "$uid"; then
            keep=nothing
        fi
        home=$(home_of "$uid") || continue
        if [ -d "$home" ]; then
            clean "$uid"
        fi
    done
    keep=$planned
}

# usage TEXT
usage() {
    printf 'usage: %s\n' "$1" >&2
    exit 64
}

case ${1-} in
    person-*)
        keep=${groundplan_keep:-$keep}
        if [ "$(id -u)" = 0 ] || ! cd -- "$HOME"; then
            exit 2
        fi
        if [ "$1" = person-close ]; then
            person_close
            exit
        fi
        ;;
    *)
        if [ -n "${1-}" ] && [ "$(id -u)" != 0 ]; then
            exit 77
        fi
        ;;
esac
