#!/bin/sh
# Called by systemd when the first session of a person begins and when the last one has ended, and once a day.
#
#   session open UID     makes the Thunderbird profile of the role, closed to others
#   session close UID    removes what may not stay on a shared computer
#   session sweep        the same for everyone who is not signed in; removes the data of those who are long gone
#
# Written and installed by groundplan. Works in home folders only with the rights of the person, never as root, so that
# a link a person made leads no further than the person could go. It was run for real on Debian 12.
#
# Exit: 0 done, 2 something failed, 64 wrong usage, 77 not root.
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
thunderbird={{ thunderbird }}
profile={{ role | slug }}
seen=/var/lib/groundplan/seen
self=/usr/lib/groundplan/session
failed=0

# ---- as the person, in the home folder ----

# wipe PATH: removes it; a link goes, what it leads to stays
wipe() {
    if [ -e "./$1" ] || [ -L "./$1" ]; then
        rm -rf -- "./$1" 2>/dev/null ||
            { chmod -R u+rwX -- "./$1" 2>/dev/null && rm -rf -- "./$1" 2>/dev/null; } ||
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
    find "$1" -mindepth 1 -maxdepth 1 -user "$(id -u)" -exec rm -rf -- {} + 2>/dev/null || failed=2
}

# xdg NAME: removes the folder that the desktop uses for this; never the home folder or one outside it
xdg() {
    command -v xdg-user-dir >/dev/null 2>&1 || return 0
    used=$(timeout -k 2 5 xdg-user-dir "$1" </dev/null 2>/dev/null) || return 0
    case $used in
        */../* | */.. | */. | */./*) ;;
        "$HOME"/*[!/]*) wipe "${used#"$HOME"/}" ;;
    esac
}

person_close() {
{% for row in clean %}
{% if row.when == "always" %}
    wipe {{ row.folder }}
{% elif row.when == "nothing" %}
    [ "$keep" = settings ] || wipe {{ row.folder }}
{% elif row.when == "stored" %}
    $stored || wipe {{ row.folder }}
{% elif row.when == "own" %}
    own {{ row.folder }}
{% elif row.when == "xdg" %}
    xdg {{ row.folder }}
{% endif %}
{% endfor %}
{% for path in also_clean %}
    wipe {{ path }}
{% endfor %}
{% if keep == "settings" and accounts == "personal" %}
{% for row in clean if row.when == "except" %}
{% if loop.changed(row.folder) %}
{% if row.folder[-2:] == "/*" %}
    prune_each {{ row.folder[:-2] }}
{%- else %}
    prune {{ row.folder }}
{%- endif %}
{%- for kept in clean if kept.folder == row.folder and (kept.when == "except" or (kept.when == "except-sign-in" and stored_sign_in)) %} {{ kept.name }}{% endfor +%}
{% endif %}
{% endfor %}
{% endif %}
    return "$failed"
}

person_open() {
    $thunderbird || return 0
    if [ -L ./.thunderbird ]; then
        wipe .thunderbird
    fi
    if [ ! -d ./.thunderbird ]; then
        mkdir -m 700 -- ./.thunderbird || return 2
    fi
    chmod 00700 -- ./.thunderbird || return 2
    if [ -e ./.thunderbird/profiles.ini ]; then
        return 0
    fi
    # Thunderbird takes a profile it was not yet started with only where this file says it is of this installation
    mkdir -p -- "./.thunderbird/$profile" &&
        printf '[Compatibility]\nLastPlatformDir=/usr/lib/thunderbird\nLastAppDir=/usr/lib/thunderbird\n' \
            >"./.thunderbird/$profile/compatibility.ini" &&
        printf '[General]\nStartWithLastProfile=1\nVersion=2\n\n[Profile0]\nName=%s\nIsRelative=1\nPath=%s\nDefault=1\n' \
            "$profile" "$profile" >./.thunderbird/profiles.ini.new &&
        mv -f -- ./.thunderbird/profiles.ini.new ./.thunderbird/profiles.ini
}

# ---- as root ----

# as_person VERB UID: runs this program with the rights of the person, in the home folder, for a minute at most
as_person() {
    first=$(awk '$1 == "UID_MIN" { print $2 }' /etc/login.defs)
    if [ "$2" -lt "${first:-1000}" ] || [ "$2" = 65534 ]; then
        return 0 # the system's own accounts, such as the display manager's, have no mail
    fi
    entry=$(timeout -k 2 20 getent passwd "$2" </dev/null) || return 2
    gid=$(printf '%s\n' "$entry" | cut -d : -f 4)
    home=$(printf '%s\n' "$entry" | cut -d : -f 6)
    if [ -L "$home" ] || [ ! -d "$home" ] || [ "$(stat -c '%u' -- "$home")" != "$2" ]; then
        return 2
    fi
    timeout -k 5 60 setpriv --reuid="$2" --regid="$gid" --clear-groups --no-new-privs --inh-caps=-all -- \
        env -i HOME="$home" PATH="$PATH" LC_ALL=C groundplan_keep="$keep" /bin/sh "$self" "person-$1" </dev/null
}

# long_gone UID: no sign-in for the planned number of days; the first sight of a person counts as a sign-in
long_gone() {
    if [ "$days" = 0 ]; then
        return 1
    fi
    if [ ! -e "$seen/$1" ]; then
        mark "$1"
        return 1
    fi
    [ -n "$(find "$seen/$1" -mtime "+$((days - 1))")" ]
}

mark() {
    [ -d /var/lib/groundplan ] && mkdir -p -- "$seen" && : >"$seen/$1"
}

sweep() {
    first=$(awk '$1 == "UID_MIN" { print $2 }' /etc/login.defs)
    last=$(awk '$1 == "UID_MAX" { print $2 }' /etc/login.defs)
    planned=$keep
    for uid in $(timeout -k 2 20 getent passwd </dev/null |
        awk -F : -v first="${first:-1000}" -v last="${last:-60000}" '$3 >= first && $3 <= last { print $3 }'); do
        # systemd keeps this folder for as long as the person has a session
        if [ -d "/run/user/$uid" ]; then
            continue
        fi
        keep=$planned
        if long_gone "$uid"; then
            keep=nothing
        fi
        home=$(timeout -k 2 20 getent passwd "$uid" </dev/null | cut -d : -f 6)
        if [ -d "$home" ]; then
            as_person close "$uid" || failed=2
        fi
    done
    exit "$failed"
}

case ${1-} in
    person-open | person-close)
        keep=${groundplan_keep:-$keep}
        if [ "$(id -u)" = 0 ] || ! cd -- "$HOME"; then
            exit 2
        fi
        if [ "$1" = person-open ]; then person_open; else person_close; fi
        exit
        ;;
    open | close | sweep) ;;
    *)
        printf 'usage: session open|close UID, session sweep\n' >&2
        exit 64
        ;;
esac
if [ "$(id -u)" != 0 ]; then
    exit 77
fi
if [ "$1" = sweep ]; then
    sweep
fi
case ${2-} in
    '' | *[!0-9]* | 0*)
        printf 'usage: session open|close UID, session sweep\n' >&2
        exit 64
        ;;
esac
if [ "$1" = open ]; then
    mark "$2"
fi
as_person "$1" "$2"
