# known PATH: the journal holds it
known() {
    [ -f "$journal/entries" ] && cut -d : -f 6- -- "$journal/entries" | grep -F -x -q -e "$1"
}

# remember KIND PATH: keeps what is there, unless an earlier run kept it. Written before the change it is for.
remember() {
    if known "$2"; then
        return 0
    fi
    mkdir -p -- "$journal/saved" || return 1
    number=1
    if [ -f "$journal/entries" ]; then
        number=$(($(wc -l <"$journal/entries") + 1))
    fi
    kind=$1
    meta=::
    if [ "$kind" = file ] && [ ! -e "$2" ]; then
        kind=absent
    elif [ "$kind" = file ]; then
        rm -f -- "$journal/saved/$number" &&
            keep_copy "$2" "$journal/saved/$number" &&
            settle "$journal/saved/$number" || return 1
    elif [ "$kind" != created ]; then
        keep_more "$kind" "$2" "$journal/saved/$number" || return 1
    fi
    if [ "$kind" = file ] || [ "$kind" = mode ]; then
        found=$(facts "$2") || return 1
        meta=${found##*:}:${found%:*}
    fi
    {
        if [ -f "$journal/entries" ]; then
            cat -- "$journal/entries"
        fi
        printf '%s:%s:%s:%s\n' "$kind" "$meta" "$number" "$2"
    } >"$journal/entries.new" &&
        settle "$journal/entries.new" &&
        replace "$journal/entries.new" "$journal/entries"
}

# parents PATH: makes the folders above it
parents() {
    parent=${1%/*}
    if [ -n "$parent" ] && [ ! -d "$parent" ]; then
        # born with its mode: a run that is killed here leaves a folder that the next run takes for right
        (parents "$parent") && remember created "$parent" && (umask 022 && mkdir -- "$parent")
    fi
}

# ordinary PATH: a file, or nothing yet, in a place that only root can change
ordinary() {
    trusted "$1" && [ ! -L "$1" ] && { [ -f "$1" ] || [ ! -e "$1" ]; }
}

# put ID PATH MODE: the file shall hold what "$work/want" holds; the mode `keep` leaves owner and mode of a file as they are
put() {
    if ! ordinary "$2"; then
        say "$1" error "refused: $2 is no ordinary file, or others than root may write above it"
        return
    fi
    owner=0:0
    mode=$3
    if [ "$mode" = keep ] && [ -f "$2" ]; then
        found=$(facts "$2")
        owner=${found%:*}
        mode=${found##*:}
    elif [ "$mode" = keep ]; then
        mode=644
    fi
    if [ -f "$2" ] && cmp -s -- "$work/want" "$2" && [ "$(facts "$2")" = "$owner:$mode" ]; then
        say "$1" ok "$2"
    elif [ "$script" = check ]; then
        say "$1" drift "$2 is not as planned"
    elif parents "$2" && remember file "$2" && swap "$work/want" "$2" "$owner" "$mode"; then
        say "$1" changed "$2"
    else
        say "$1" error "cannot write $2"
    fi
}

# gone ID PATH LABEL: the file shall not be there; the label is what is printed
gone() {
    if [ ! -e "$2" ] && [ ! -L "$2" ]; then
        return
    fi
    if ! ordinary "$2"; then
        say "$1" error "refused: $3 is no ordinary file, or others than root may write above it"
    elif [ "$script" = check ]; then
        say "$1" drift "$3"
    elif remember file "$2" && rm -f -- "$2"; then
        say "$1" changed "$3"
    else
        say "$1" error "cannot remove $3"
    fi
}

# current PATH: what the file holds now, for a change of one line in it
current() {
    if ordinary "$1" && [ -f "$1" ]; then
        cat -- "$1"
    fi
}

# edit ID PATH COMMAND...: the file shall be what the command makes of it
edit() {
    edited=$2
    item=$1
    shift 2
    if current "$edited" >"$work/before" && "$@" <"$work/before" >"$work/want"; then
        put "$item" "$edited" keep
    else
        say "$item" error "refused: $edited cannot be read, or others than root may write above it"
    fi
}

installed() {
    command -v -- "$1" >/dev/null 2>&1
}
