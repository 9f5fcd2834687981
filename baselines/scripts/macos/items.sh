# ---- home folders ----

# close_files: programs that people start write files that only their owner can read, from the next start of the Mac
close_files() {
    limited 10 defaults read "$session_defaults" Umask >"$work/value" 2>/dev/null || : >"$work/value"
    if [ "$(cat -- "$work/value")" = 63 ]; then
        say homes.umask ok 'new files are closed to others'
    elif [ "$script" = check ]; then
        say homes.umask drift 'new files are open to others'
    elif remember value "$session_defaults Umask" && limited 10 launchctl config user umask 077 >/dev/null 2>&1; then
        say homes.umask changed 'new files are closed to others, from the next start'
    else
        say homes.umask error 'launchctl config user umask'
    fi
}

{% if private_homes %}
close_homes
close_files
{% endif %}

# ---- sign-in ----

# no_automatic: no profile can switch off the automatic sign-in of a chosen account
no_automatic() {
    if ! limited 10 defaults read "$window" autoLoginUser >"$work/value" 2>/dev/null; then
        say sign-in.automatic ok 'nobody is signed in by itself'
    elif [ "$script" = check ]; then
        say sign-in.automatic drift 'somebody is signed in by itself'
    elif remember value "$window autoLoginUser" && limited 10 defaults delete "$window" autoLoginUser; then
        say sign-in.automatic changed 'nobody is signed in by itself any more'
    else
        say sign-in.automatic error 'defaults delete'
    fi
    gone sign-in.password /private/etc/kcpassword 'the password for the automatic sign-in'
}

{% if not automatic_sign_in %}
no_automatic
{% endif %}

# ---- sign-out ----

printf '%s' {{ session }} >"$work/want"
put clean.program "$self" 755

# job LABEL VERB: the begin of a property list for launchd
job() {
    cat <<EOF
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>$1</string>
	<key>ProcessType</key>
	<string>Background</string>
	<key>ProgramArguments</key>
	<array>
		<string>$self</string>
		<string>$2</string>
	</array>
	<key>RunAtLoad</key>
	<true/>
EOF
}

# write_sign_out: a job of the window for signing in, which launchd starts each time the window comes up
write_sign_out() {
    job groundplan.sign-out sweep
    cat <<'EOF'
	<key>LimitLoadToSessionType</key>
	<string>LoginWindow</string>
</dict>
</plist>
EOF
}

write_rounds() {
    job groundplan.rounds round
    cat <<'EOF'
	<key>StartInterval</key>
	<integer>60</integer>
</dict>
</plist>
EOF
}

write_sign_out >"$work/want"
put clean.sign-out "$sign_out" 644
changes_before=$changes
write_rounds >"$work/want"
put clean.rounds "$rounds" 644

# start_rounds: launchd takes the job now, and not only at the next start
start_rounds() {
    if loaded && [ "$changes" = "$changes_before" ]; then
        say clean.loaded ok 'the rounds are loaded'
    elif [ "$script" = check ]; then
        say clean.loaded drift 'the rounds are not loaded'
    else
        if loaded; then
            limited 30 launchctl bootout system/groundplan.rounds >/dev/null 2>&1
        fi
        if limited 30 launchctl bootstrap system "$rounds" >/dev/null 2>&1; then
            say clean.loaded changed 'the rounds are loaded'
        else
            say clean.loaded error 'launchctl bootstrap'
        fi
    fi
}
start_rounds
uncleaned

# ---- configuration of the role's programs ----
{% for row in install if parameters[row.only_if] %}
bring {{ row.id }} {{ row.from }} {{ row.to }}
{% endfor %}

finish
