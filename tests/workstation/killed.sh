# Apply is killed at random moments, and undo in every second round; run again, both end where an undisturbed run ends.

# quick: the picture of what was written since this computer was started, which holds all that the scripts can touch
quick() {
    set -- /run/changed ! -path /run/changed/role ! -path '/run/changed/role/*' ! -path '*/groundplan/journal*' ! -path '*/groundplan/lock*'
    find "$@" -printf '%p %y %m %U %G %l\n' | sort
    find "$@" -type f -exec sha256sum -- {} + | sort -k 2
    for place in /run/changed/home /run/changed/Users; do
        if [ -e "$place" ]; then getfacl -R -n -p "$place" 2>/dev/null; fi
    done
}

picture >/run/before
want 0 "$scripts/apply"
picture >/run/applied
want 0 "$scripts/undo"
picture >/run/after
diff -u /run/before /run/after
quick >/run/quick-before
now() {
    echo $(($(date +%s%N) / 1000000))
}
begin=$(now)
want 0 "$scripts/apply"
took=$(($(now) - begin))
quick >/run/quick-applied
if cmp -s /run/quick-before /run/quick-applied; then
    printf 'the quick picture shows nothing\n'
    exit 1
fi
want 0 "$scripts/undo"

# kill_at PART COMMAND: after this part of the time that the last whole run took
kill_at() {
    code=0
    timeout -s KILL "$(awk -v part="$1" -v took="$took" 'BEGIN { printf "%.3f", 0.001 + part * took / 1000 }')" \
        "$2" >/dev/null 2>&1 </dev/null || code=$?
}

awk -v tries=$((ROUNDS * 3)) 'BEGIN { srand(2454); for (i = 0; i < tries; i++) print rand(), rand() / 2 }' >/run/moments
killed=0
while [ "$killed" -lt "$ROUNDS" ] && read -r moment other; do
    begin=$(now)
    kill_at "$moment" "$scripts/apply"
    if [ "$code" = 0 ]; then
        # it was quicker than the one before, as other work on the computer ended
        took=$(($(now) - begin))
        want 0 "$scripts/undo"
        continue
    fi
    same "$code" 137
    killed=$((killed + 1))
    want 0 "$scripts/apply"
    quick >/run/now
    diff -u /run/quick-applied /run/now
    if [ $((killed % 2)) = 0 ]; then kill_at "$other" "$scripts/undo"; fi
    want 0 "$scripts/undo"
    quick >/run/now
    diff -u /run/quick-before /run/now
done </run/moments
same "$killed" "$ROUNDS"
want 0 "$scripts/apply"
picture >/run/now
diff -u /run/applied /run/now
want 0 "$scripts/undo"
picture >/run/now
diff -u /run/before /run/now
printf '%s runs were killed\n' "$killed"
printf 'all steps done\n'
