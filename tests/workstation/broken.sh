# Each item of check is broken in turn, every file of ours in four ways, and check names exactly that one. The steps that
# stand before this file say how the items without a file of their own are broken: break_all calls `broken` for each.
want 0 "$scripts/apply"
want 0 "$scripts/check" --json
jq -r '.items[] | "\(.id) \(.detail)"' /tmp/out >/run/items
jq -r '.items[].id' /tmp/out | sort -u >/run/ids
: >/run/broken
count=0

# named ID: check ends with 1 and names this item and no other
named() {
    want 1 "$scripts/check" --json
    same "$(jq -r '[.items[] | select(.status != "ok" and .status != "skipped") | .id] | unique | join(" ")' /tmp/out)" "$1"
    printf '%s\n' "$1" >>/run/broken
    count=$((count + 1))
}

# broken ID FILE COMMAND...: with this change to the file, which is taken back
broken() {
    item=$1
    file=$2
    shift 2
    cp -a -- "$file" /run/whole
    "$@"
    named "$item"
    rm -rf -- "$file"
    cp -a -- /run/whole "$file"
}

while read -r item file; do
    case $file in
        /*) [ -f "$file" ] || continue ;;
        *) continue ;;
    esac
    # files of others, in which only a line is ours, keep their mode and whatever else stands there
    if ! grep -q -F -x -e "$file" /run/of-others; then
        broken "$item" "$file" rm -- "$file"
        broken "$item" "$file" sh -c 'printf "\n" >>"$1"' sh "$file"
        broken "$item" "$file" chmod 666 "$file"
        broken "$item" "$file" chown anna "$file"
    fi
done </run/items

break_all
want 0 "$scripts/check"

# no item is without a break; those that do not apply here have nothing to break
want 0 "$scripts/check" --json
jq -r '.items[] | select(.status == "skipped") | .id' /tmp/out >/run/skipped
same "$(sort -u /run/broken /run/skipped | comm -23 /run/ids -)" ''
printf '%s breaks\n' "$count"
printf 'all steps done\n'
