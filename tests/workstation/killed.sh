# Apply and undo are killed at many moments; run again, they end where an undisturbed run ends.
picture >/run/before
begin=$(date +%s%N)
want 0 "$scripts/apply"
took=$((($(date +%s%N) - begin) / 1000000))
picture >/run/applied
want 0 "$scripts/undo"
picture >/run/after
diff -u /run/before /run/after

pause=1
while [ "$pause" -le 18 ]; do
    # moments spread over the whole run, in an order that jumps
    delay=$(awk -v n="$pause" -v took="$took" 'BEGIN { printf "%.3f", (0.5 + n * 7 % 18) / 18 * took / 1000 }')
    timeout -s KILL "$delay" "$scripts/apply" >/dev/null 2>&1 </dev/null || :
    if [ $((pause % 2)) = 0 ]; then
        want 0 "$scripts/apply"
        picture >/run/now
        diff -u /run/applied /run/now
    fi
    # an undo right after a killed apply, killed itself
    timeout -s KILL "$delay" "$scripts/undo" >/dev/null 2>&1 </dev/null || :
    want 0 "$scripts/undo"
    picture >/run/now
    diff -u /run/before /run/now
    pause=$((pause + 1))
done
printf 'apply took %s ms\n' "$took"
printf 'all steps done\n'
