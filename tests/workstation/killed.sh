# Apply and undo are killed at many moments; run again, they end where an undisturbed run ends.
picture >/run/before
want 0 "$linux/apply"
picture >/run/applied
want 0 "$linux/undo"
picture >/run/after
diff -u /run/before /run/after

pause=1
while [ "$pause" -le 40 ]; do
    delay=$(awk -v n="$pause" 'BEGIN { printf "%.3f", 0.004 + (n * 37 % 41) * 0.006 }')
    timeout -s KILL "$delay" "$linux/apply" >/dev/null 2>&1 </dev/null || :
    if [ $((pause % 2)) = 0 ]; then
        want 0 "$linux/apply"
        picture >/run/now
        diff -u /run/applied /run/now
    fi
    # an undo right after a killed apply, killed itself
    timeout -s KILL "$delay" "$linux/undo" >/dev/null 2>&1 </dev/null || :
    want 0 "$linux/undo"
    picture >/run/now
    diff -u /run/before /run/now
    pause=$((pause + 1))
done
printf 'all steps done\n'
