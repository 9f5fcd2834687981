# present: the UID of everyone who is signed in, at the screen or from afar
present() {
    stat -f '%u' /dev/console
    for name in $(limited 10 who | awk '{ print $1 }' | sort -u); do
        limited 10 id -u -- "$name" 2>/dev/null
    done
}

# signed_in UID: also in a session behind another one; when launchd does not answer in time, nothing is removed
signed_in() {
    case " $signed_in_now " in
        *" $1 "*) return 0 ;;
    esac
    told=0
    limited 10 launchctl print "gui/$1" >/dev/null 2>&1 || told=$?
    case $told in
        0 | 137 | 143) return 0 ;;
    esac
    return 1
}

round() {
    first=$(first_person)
    for uid in $signed_in_now; do
        if [ "$uid" -ge "$first" ]; then
            mark seen "$uid"
            mark due "$uid"
        fi
    done
    for due in "$state"/due/*; do
        uid=${due##*/}
        if [ -e "$due" ] && ! signed_in "$uid"; then
            end_programs "$uid"
            clean "$uid"
            rm -f -- "$due"
        fi
    done
    if [ -z "$(find "$state/swept" -mtime -1 2>/dev/null)" ]; then
        sweep
        : >"$state/swept"
    fi
}

case ${1-}:${2-} in
    sweep: | round:) ;;
    *) usage 'session sweep, session round' ;;
esac
if [ ! -d "$state" ]; then
    exit 2 # apply makes it
fi
trap leave_lock EXIT
trap 'exit 2' HUP INT TERM
take_lock "$state/cleaning" || exit 2
signed_in_now=$(present | tr '\n' ' ')
"$1"
exit "$failed"
