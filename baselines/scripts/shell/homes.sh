here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || fail 'cannot find the folder of this script'
if [ "$script" = apply ]; then
    lock_state
fi

# persons: UID and home folder of everyone, known by name or only by a folder among the home folders
persons() {
    people >"$work/people" || return 1
    cat -- "$work/people"
    first=$(first_person)
    for folder in "$home_folders"/*; do
        uid=$(facts "$folder") || continue
        uid=${uid%%:*}
        if [ "$uid" -ge "$first" ] && ! cut -d : -f 2- "$work/people" | grep -F -x -q -e "$folder"; then
            printf '%s:%s\n' "$uid" "$folder"
        fi
    done
}

close_homes() {
    open=0
    refused=0
    closed=0
    failed=0
    if ! persons >"$work/persons"; then
        say homes.mode error 'the list of accounts did not come within 20 seconds'
        return
    fi
    while IFS=: read -r uid home; do
        if [ -L "$home" ]; then
            refused=$((refused + 1))
            continue
        elif [ ! -d "$home" ]; then
            continue # no sign-in yet
        fi
        owner=$(facts "$home")
        if ! trusted "$home" || [ "${owner%%:*}" != "$uid" ]; then
            refused=$((refused + 1))
        elif home_closed "$home"; then
            closed=$((closed + 1))
        elif [ "$script" = check ]; then
            open=$((open + 1))
        elif remember mode "$home" && close_home "$home"; then
            open=$((open + 1))
        else
            failed=$((failed + 1))
        fi
    done <"$work/persons"
    if [ "$refused" -gt 0 ]; then
        say homes.refused error "$refused home folders are links, belong to another account, or lie where others may write"
    fi
    if [ "$failed" -gt 0 ]; then
        say homes.mode error "$failed home folders could not be closed"
    elif [ "$open" -gt 0 ] && [ "$script" = check ]; then
        say homes.mode drift "$open home folders are open to others, $closed are closed"
    elif [ "$open" -gt 0 ]; then
        say homes.mode changed "$open home folders closed, $closed were closed"
    else
        say homes.mode ok "$closed home folders are closed"
    fi
}

# uncleaned: home folders from which the last cleaning could not remove everything
uncleaned() {
    left=0
    for mark in "$state"/uncleaned/*; do
        if [ -e "$mark" ]; then
            left=$((left + 1))
        fi
    done
    if [ "$left" = 0 ]; then
        say clean.result ok 'the last cleaning removed all that it should'
    elif [ "$script" = check ]; then
        say clean.result drift "$left home folders hold what the last cleaning could not remove"
    else
        say clean.result skipped "$left home folders hold what the last cleaning could not remove; the next one tries again"
    fi
}

# bring ID FROM TO: a file of the role that lies beside this script
bring() {
    case $3 in
        /Applications/*.app/*)
            if [ ! -d "${3%%.app/*}.app" ]; then
                say "$1" skipped "${3%%.app/*}.app is not installed"
                return
            fi
            ;;
    esac
    if [ -L "$here/../../$2" ] || [ ! -f "$here/../../$2" ]; then
        say "$1" skipped "$2 does not lie beside this script; $3 stays as it is"
    elif cp -- "$here/../../$2" "$work/want"; then
        put "$1" "$3" 644
    else
        say "$1" error "cannot read $2"
    fi
}
