lock_state
before_undo

# restore KIND MODE UID GID NUMBER PATH
restore() {
    if ! trusted "$6" || [ -L "$6" ]; then
        return 1
    fi
    rm -f -- "${6%/*}/.groundplan-new.${6##*/}"
    case $1 in
        file)
            new=${6%/*}/.groundplan-new.${6##*/}
            if [ -d "$6" ] || [ ! -d "${6%/*}" ]; then
                return 1
            fi
            keep_copy "$journal/saved/$5" "$new" && settle "$new" && replace "$new" "$6"
            ;;
        absent) rm -f -- "$6" ;;
        created) [ ! -d "$6" ] || rmdir -- "$6" 2>/dev/null ;;
        # a home folder that was removed, or went to another owner, since then is left alone
        mode)
            case $(facts "$6") in
                "$3":*) chmod -- "00$2" "$6" && restore_more "$1" "$6" "$journal/saved/$5" ;;
            esac
            ;;
        *) restore_more "$1" "$6" "$journal/saved/$5" ;;
    esac
}

homes=0
kept=0
if [ -f "$journal/entries" ]; then
    awk '{ line[NR] = $0 } END { for (i = NR; i > 0; i--) print line[i] }' "$journal/entries" >"$work/entries" || fail 'cannot read the journal'
    while IFS=: read -r kind mode uid gid number path; do
        if restore "$kind" "$mode" "$uid" "$gid" "$number" "$path"; then
            case $kind in
                mode) homes=$((homes + 1)) ;;
                *) say "undo.$kind" changed "$path" ;;
            esac
        elif [ "$kind" = created ]; then
            # other programs use the folder by now
            kept=$((kept + 1))
        elif [ "$kind" = mode ]; then
            say homes.mode error 'a home folder is a link, or others than root may write above it'
        else
            say "undo.$kind" error "cannot restore $path"
        fi
    done <"$work/entries"
fi
if [ "$homes" -gt 0 ]; then
    say homes.mode changed "$homes home folders"
fi
if [ "$kept" -gt 0 ]; then
    say undo.created skipped "$kept folders stay, because other programs use them"
fi
if [ "$errors" = 0 ]; then
    # the list goes first: without it a second run has nothing more to restore
    if ! rm -f -- "$journal/entries" || ! rm -rf -- "$state"; then
        say undo.journal error 'cannot remove the journal'
    fi
    after_undo
fi
finish
