thunderbird={{ thunderbird }}
profile={{ role | slug }}

person_open() {
    $thunderbird || return 0
    if [ -L ./.thunderbird ]; then
        wipe .thunderbird
    fi
    if [ ! -d ./.thunderbird ]; then
        mkdir -m 700 -- ./.thunderbird || return 2
    fi
    chmod 00700 -- ./.thunderbird || return 2
    if [ -e ./.thunderbird/profiles.ini ]; then
        return 0
    fi
    # Thunderbird takes a profile it was not yet started with only where this file says it is of this installation
    mkdir -p -- "./.thunderbird/$profile" &&
        printf '[Compatibility]\nLastPlatformDir=/usr/lib/thunderbird\nLastAppDir=/usr/lib/thunderbird\n' \
            >"./.thunderbird/$profile/compatibility.ini" &&
        printf '[General]\nStartWithLastProfile=1\nVersion=2\n\n[Profile0]\nName=%s\nIsRelative=1\nPath=%s\nDefault=1\n' \
            "$profile" "$profile" >./.thunderbird/profiles.ini.new &&
        mv -f -- ./.thunderbird/profiles.ini.new ./.thunderbird/profiles.ini
}

case ${1-}:${2-} in
    person-open:)
        person_open
        exit
        ;;
    sweep:)
        sweep
        exit "$failed"
        ;;
    open: | close: | open:0* | close:0* | open:*[!0-9]* | close:*[!0-9]*)
        usage 'session open|close UID, session sweep'
        ;;
    open:*)
        mark seen "$2"
        as_person open "$2"
        ;;
    close:*)
        if [ "$2" -ge "$(first_person)" ]; then
            end_programs "$2" # logind does it as well
        fi
        clean "$2"
        exit "$failed"
        ;;
    *) usage 'session open|close UID, session sweep' ;;
esac
