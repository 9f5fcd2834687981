# set_key SECTION KEY VALUE: in an INI file, exactly one line KEY=VALUE in the section; text around it stays
set_key() {
    section=$1 key=$2 value=$3 awk '
        BEGIN { section = ENVIRON["section"]; key = ENVIRON["key"]; want = key "=" ENVIRON["value"] }
        function trimmed(text) { sub(/^[ \t]+/, "", text); sub(/[ \t\r]+$/, "", text); return text }
        { line[NR] = $0; text = trimmed($0); here[NR] = 0 }
        text ~ /^\[.*\]$/ { within = (text == section); if (within && !header) header = NR; next }
        within && index(text, "=") && trimmed(substr(text, 1, index(text, "=") - 1)) == key { here[NR] = 1; if (!first) first = NR }
        END {
            for (i = 1; i <= NR; i++) {
                if (i == first) {
                    kept = trimmed(substr(line[i], index(line[i], "=") + 1))
                    print (key "=" kept == want ? line[i] : want)
                } else if (!here[i]) print line[i]
                if (i == header && !first) print want
            }
            if (!header) { print section; print want }
        }'
}

# drop_keys PREFIX SECTION KEYS: in an INI file, no line sets one of the keys in a section that begins so, but this one
drop_keys() {
    prefix=$1 section=$2 keys=" $3 " awk '
        { text = $0; sub(/^[ \t]+/, "", text); sub(/[ \t\r]+$/, "", text) }
        text ~ /^\[/ { within = (index(text, ENVIRON["prefix"]) == 1 && text != ENVIRON["section"]) }
        { name = text; sub(/[ \t]*=.*/, "", name) }
        within && index(text, "=") && index(ENVIRON["keys"], " " name " ") { next }
        { print }'
}
