# What differs between systems, for macOS. Folders are named without the links /etc and /var.
state=/private/var/db/groundplan
self=/Library/Groundplan/session
home_folders=/Users
administrators=80

# limited SECONDS COMMAND...: ends the command after this time; macOS has no program for it
limited() {
    limit=$1
    shift
    "$@" </dev/null &
    worker=$!
    (
        # short naps, so that nothing is left over for long when the guard is not needed any more
        while [ "$limit" -gt 0 ]; do
            sleep 1
            limit=$((limit - 1))
        done
        kill -TERM "$worker"
        sleep 2
        kill -KILL "$worker"
    ) >/dev/null 2>&1 &
    guard=$!
    outcome=0
    wait "$worker" 2>/dev/null || outcome=$?
    kill -KILL "$guard" 2>/dev/null
    wait "$guard" 2>/dev/null
    return "$outcome"
}

# facts PATH: owner, group and mode
facts() {
    seen_facts=$(stat -f '%u:%g:%Mp%Lp' -- "$1" 2>/dev/null) || return 1
    seen_mode=${seen_facts##*:}
    printf '%s:%s\n' "${seen_facts%:*}" "${seen_mode#0}"
}

# keep_copy FILE COPY: with everything that belongs to it, access lists too
keep_copy() {
    cp -p -- "$1" "$2"
}

settle() {
    sync
}

# replace NEW PATH: in one step; that the path is no folder was looked at before, and only root can change it
replace() {
    mv -f -- "$1" "$2"
}

# beginning PID: the moment at which the process began, which no later process of this number shares
beginning() {
    ps -o lstart= -p "$1" 2>/dev/null
}

# take_lock FILE: the file names the run that holds it and its beginning, so that a killed run holds nothing
take_lock() {
    lock=$1
    mine="$$ $(beginning "$$")"
    waited=0
    while [ "$waited" -lt 30 ]; do
        printf '%s\n' "$mine" >"$lock.$$" || return 1
        if ln -- "$lock.$$" "$lock" 2>/dev/null; then
            rm -f -- "$lock."*
            return 0
        fi
        holder=$(cat -- "$lock" 2>/dev/null)
        if [ -n "$holder" ] && [ "$holder" != "${holder%% *} $(beginning "${holder%% *}")" ]; then
            mv -f -- "$lock" "$lock.$$" 2>/dev/null
            if [ "$(cat -- "$lock.$$" 2>/dev/null)" != "$holder" ]; then
                ln -- "$lock.$$" "$lock" 2>/dev/null # somebody else was quicker, and holds it now
            fi
        else
            waited=$((waited + 1))
            sleep 1
        fi
    done
    rm -f -- "$lock.$$"
    lock=
    return 1
}

leave_lock() {
    if [ -n "${lock-}" ] && [ "$(cat -- "$lock" 2>/dev/null)" = "$mine" ]; then
        rm -f -- "$lock"
    fi
}

# first_person: the lowest UID of a person
first_person() {
    printf '501\n'
}

# people: UID and home folder of everyone that this Mac knows
people() {
    uids=$(limited 20 dscl . -list /Users UniqueID) || return 1
    folders=$(limited 20 dscl . -list /Users NFSHomeDirectory) || return 1
    printf '%s\n\n%s\n' "$uids" "$folders" | awk '
        NF == 0 { second = 1; next }
        !second { uid[$1] = $2; next }
        { name = $1; sub(/^[^ \t]+[ \t]+/, ""); if (name in uid && uid[name] >= 501 && $0 ~ /^\/./) print uid[name] ":" $0 }'
}

# home_of UID: the last but one of the fields, of which one may be a name with colons
home_of() {
    entry=$(limited 20 id -P "$1" 2>/dev/null) || return 1
    printf '%s\n' "$entry" | awk -F : '{ print $(NF - 1) }'
}
