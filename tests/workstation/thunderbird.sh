# Thunderbird itself opens the profile that the sign-in made.
want 0 "$scripts/apply"
rm -rf /home/bert/.thunderbird
want 0 /usr/lib/groundplan/session open 4002
mkdir -p /run/user/4002
chown bert /run/user/4002
cd /home/bert
timeout -k 2 60 setpriv --reuid=4002 --regid=4002 --clear-groups env -i HOME=/home/bert PATH="$PATH" XDG_RUNTIME_DIR=/run/user/4002 \
    thunderbird --headless >/tmp/log 2>&1 </dev/null &
waited=0
while [ ! -s /home/bert/.thunderbird/control-room/prefs.js ] && [ "$waited" -lt 50 ]; do
    sleep 1
    waited=$((waited + 1))
done
kill %1 2>/dev/null || :
ls -A /home/bert/.thunderbird
[ -s /home/bert/.thunderbird/control-room/prefs.js ]
same "$(find /home/bert/.thunderbird -name prefs.js | wc -l)" 1
cmp /role/thunderbird/policies.json /etc/thunderbird/policies/policies.json
printf 'all steps done\n'
