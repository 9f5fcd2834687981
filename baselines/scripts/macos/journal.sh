# What apply, check and undo ask of the system, for macOS.
rounds=/Library/LaunchDaemons/groundplan.rounds.plist
sign_out=/Library/LaunchAgents/groundplan.sign-out.plist
session_defaults=/private/var/db/com.apple.xpc.launchd/config/user.plist
window=/Library/Preferences/com.apple.loginwindow.plist

# access_list PATH: its entries, one a line, as chmod -E takes them
access_list() {
    # shellcheck disable=SC2012 # only ls shows access lists, and the line with the name is not taken
    ls -lde -- "$1" | sed -n 's/^ *[0-9][0-9]*: //p'
}

# home_closed HOME: an entry that only denies, as macOS gives every home folder, opens nothing
home_closed() {
    case $(facts "$1") in
        *:700) ;;
        *) return 1 ;;
    esac
    ! access_list "$1" | grep -q ' allow '
}

close_home() {
    if access_list "$1" | grep -q ' allow '; then
        chmod -N -- "$1" || return 1
    fi
    chmod 00700 -- "$1"
}

# keep_more KIND PATH COPY: the access list of a home folder, or the value that lies in "$work/value"
keep_more() {
    case $1 in
        mode) access_list "$2" >"$3" ;;
        value) cp -- "$work/value" "$3" ;;
        *) return 1 ;;
    esac
}

# restore_more KIND PATH COPY
restore_more() {
    case $1:$2 in
        mode:*)
            if [ "$(access_list "$2")" = "$(cat -- "$3")" ]; then
                return 0
            elif [ -s "$3" ]; then
                # shellcheck disable=SC2217 # that of macOS reads the list
                chmod -E -- "$2" <"$3"
            else
                chmod -N -- "$2"
            fi
            ;;
        value:"$session_defaults Umask")
            former=$(cat -- "$3")
            if [ -n "$former" ]; then
                limited 10 launchctl config user umask "$(printf '%03o' "$former")" >/dev/null 2>&1
            else
                limited 10 defaults delete "$session_defaults" Umask >/dev/null 2>&1 ||
                    ! limited 10 defaults read "$session_defaults" Umask >/dev/null 2>&1
            fi
            ;;
        value:"$window autoLoginUser")
            limited 10 defaults write "$window" autoLoginUser -string "$(cat -- "$3")"
            ;;
        *) return 1 ;;
    esac
}

loaded() {
    limited 10 launchctl print "system/groundplan.rounds" >/dev/null 2>&1
}

before_undo() {
    if loaded; then
        limited 30 launchctl bootout system/groundplan.rounds >/dev/null 2>&1 || say undo.rounds error 'launchctl bootout'
    fi
}

after_undo() {
    :
}
