LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unset CDPATH ENV
umask 077

organisation={{ organisation }}
role={{ role }}
about_json={{ ('{"organisation":' ~ (organisation | json) ~ ',"role":' ~ (role | json) ~ '}') }}

journal=$state/journal
items=
drifts=0
errors=0
changes=0
skips=0

for argument; do
    case $argument in
        --json) form=json ;;
        --about)
            printf '%s\n%s\n' "$organisation" "$role"
            exit 0
            ;;
        -h | --help)
            printf 'usage: %s [--json] [--about]\n' "$script"
            exit 0
            ;;
        *)
            printf 'usage: %s [--json] [--about]\n' "$script" >&2
            exit 64
            ;;
    esac
done

if [ "$(id -u)" != 0 ]; then
    printf '%s: must be run as root\n' "$script" >&2
    exit 77
fi

# say ID STATUS DETAIL: one item; the detail is fixed text, a path of ours or a number, never a name of a person
say() {
    case $2 in
        changed) changes=$((changes + 1)) ;;
        drift) drifts=$((drifts + 1)) ;;
        error) errors=$((errors + 1)) ;;
        skipped) skips=$((skips + 1)) ;;
    esac
    case $form:$2 in
        json:*) items=$items${items:+,}$(printf '{"id":"%s","status":"%s","detail":"%s"}' "$1" "$2" "$3") ;;
        attribute:drift | attribute:error) items=$items${items:+, }$1 ;;
        text:*) printf '%-8s %-28s %s\n' "$2" "$1" "$3" ;;
    esac
}

# finish: the summary, and the exit code
finish() {
    code=0
    result=compliant
    case $script in
        apply) result=applied ;;
        undo) result=restored ;;
    esac
    if [ "$drifts" -gt 0 ]; then
        code=1 result=drift
    fi
    if [ "$errors" -gt 0 ]; then
        code=2 result=error
    fi
    if [ "$form" = json ]; then
        printf '{"version":1,"script":"%s","about":%s,"result":"%s","changed":%d,"drift":%d,"errors":%d,"skipped":%d,"items":[%s]}\n' \
            "$script" "$about_json" "$result" "$changes" "$drifts" "$errors" "$skips" "$items"
    elif [ "$form" = attribute ]; then
        # the answer is the text; a code other than 0 would count as no answer
        printf '<result>%s%s</result>\n' "$result" "${items:+: $items}"
        code=0
    elif [ "$script" != check ] && [ "$changes" = 0 ] && [ "$errors" = 0 ]; then
        printf '%s: nothing to change\n' "$script"
    else
        printf '%s: %s; %d changed, %d differ, %d failed, %d do not apply here\n' \
            "$script" "$result" "$changes" "$drifts" "$errors" "$skips"
    fi
    exit "$code"
}

fail() {
    say "$script" error "$1"
    finish
}

# trusted PATH: every folder above it is a real folder of root in which nobody else may write, administrators excepted
trusted() {
    above=$1
    while [ "$above" != / ]; do
        above=${above%/*}
        above=${above:-/}
        if [ -L "$above" ]; then
            return 1
        fi
        if [ -e "$above" ]; then
            if [ ! -d "$above" ]; then
                return 1
            fi
            case $(facts "$above") in
                0:*[2367]) return 1 ;;
                0:"$administrators":*) ;;
                0:*[2367]?) return 1 ;;
                0:*) ;;
                *) return 1 ;;
            esac
        fi
    done
}

# lock_state: one run at a time, and a folder for the journal that only root can enter
lock_state() {
    if ! trusted "$state" || [ -L "$state" ]; then
        fail "refused: $state is a link, or others may write above it"
    fi
    mkdir -p -- "$state" || fail "cannot make $state"
    case $(facts "$state") in
        0:*) ;;
        *) fail "refused: $state belongs to somebody else" ;;
    esac
    chmod 00700 -- "$state"
    take_lock "$state/lock" || fail 'another run holds the lock'
}

work=$(mktemp -d /tmp/groundplan.XXXXXXXXXX) || fail 'cannot make a temporary folder'
trap 'rm -rf -- "$work"; leave_lock' EXIT
trap 'exit 2' HUP INT TERM

# swap SOURCE PATH OWNER MODE: the file becomes the source's content in one step
swap() {
    new=${2%/*}/.groundplan-new.${2##*/}
    rm -f -- "$new" &&
        cp -- "$1" "$new" &&
        chown -- "$3" "$new" &&
        chmod -- "$4" "$new" &&
        settle "$new" &&
        replace "$new" "$2"
}
