accounts={{ accounts }}

# ---- home folders ----

# set_home_mode: new home folders of useradd are closed
set_home_mode() {
    awk '
        $1 == "HOME_MODE" { if (!done) print ($2 == "0700" && NF == 2 ? $0 : "HOME_MODE\t0700"); done = 1; next }
        { print }
        END { if (!done) print "HOME_MODE\t0700" }'
}

# set_umask: one line for pam_umask in a PAM file
set_umask() {
    awk '
        BEGIN { want = "session\toptional\tpam_umask.so umask=0077" }
        $1 ~ /session$/ && /pam_umask\.so/ { if (!done) print want; done = 1; next }
        { print }
        END { if (!done) print want }'
}

{% if private_homes %}
close_homes
edit homes.new /etc/login.defs set_home_mode
edit homes.umask /etc/pam.d/common-session set_umask
edit homes.umask-background /etc/pam.d/common-session-noninteractive set_umask
{% endif %}

# ---- sign-out ----

{% if sign_out_after > 0 %}
idle={{ sign_out_after }}min
{% else %}
idle=infinity
{% endif %}
cat >"$work/want" <<EOF
[Login]
KillUserProcesses=yes
KillExcludeUsers=root
RemoveIPC=yes
StopIdleSessionSec=$idle
EOF
put sessions.end /etc/systemd/logind.conf.d/zz-groundplan.conf 644

# a lingering account is never signed out, so that nothing is cleaned
for linger in /var/lib/systemd/linger/*; do
    if [ "$linger" != /var/lib/systemd/linger/root ]; then
        gone sessions.linger "$linger" 'an account that keeps running after sign-out'
    fi
done

printf '%s' {{ session }} >"$work/want"
put clean.program /usr/lib/groundplan/session 755

cat >"$work/want" <<'EOF'
[Service]
ExecStartPost=-/usr/lib/groundplan/session open %i
ExecStopPost=-/usr/lib/groundplan/session close %i
EOF
put clean.sign-out /etc/systemd/system/user-runtime-dir@.service.d/groundplan.conf 644

cat >"$work/want" <<'EOF'
[Unit]
Description=Cleaning of home folders nobody is signed in to
Before=systemd-user-sessions.service
After=local-fs.target nss-user-lookup.target

[Service]
Type=oneshot
ExecStart=/usr/lib/groundplan/session sweep
EOF
put clean.sweep /etc/systemd/system/groundplan-sweep.service 644

cat >"$work/want" <<'EOF'
[Unit]
Description=Daily cleaning of home folders nobody is signed in to

[Timer]
OnCalendar=daily
Persistent=true
EOF
put clean.daily /etc/systemd/system/groundplan-sweep.timer 644

cat >"$work/want" <<'EOF'
[Unit]
Wants=groundplan-sweep.service
EOF
put clean.at-start /etc/systemd/system/multi-user.target.d/groundplan.conf 644

cat >"$work/want" <<'EOF'
[Unit]
Wants=groundplan-sweep.timer
EOF
put clean.timer /etc/systemd/system/timers.target.d/groundplan.conf 644
uncleaned

# ---- screen lock and desktop ----

minutes={{ lock_after }}
lock=true
if [ "$minutes" = 0 ]; then
    lock=false
fi
{% if switch_user %}
switch=true
{% else %}
switch=false
{% endif %}
desktops=0

# write_dconf: values for GNOME and everything else that reads dconf, and the list of keys that nobody can change
write_dconf() {
    cat <<EOF
[org/gnome/desktop/session]
idle-delay=uint32 $((minutes * 60))

[org/gnome/desktop/screensaver]
idle-activation-enabled=$lock
lock-enabled=$lock
lock-delay=uint32 0
user-switch-enabled=$switch

[org/gnome/desktop/notifications]
show-in-lock-screen=false

[org/gnome/desktop/privacy]
remember-recent-files=false
remove-old-temp-files=true
remove-old-trash-files=true
old-files-age=uint32 1

[org/gnome/desktop/lockdown]
disable-show-password=true
EOF
    if [ "$lock" = true ]; then
        printf 'disable-lock-screen=false\n'
    fi
    if [ "$switch" = false ]; then
        printf 'disable-user-switching=true\n'
    fi
    if [ "$accounts" = group ]; then
        printf 'disable-command-line=true\nuser-administration-disabled=true\n'
    fi
}

list_locks() {
    awk '/^\[/ { gsub(/[][]/, ""); folder = $0; next } /=/ { sub(/=.*/, ""); print "/" folder "/" $0 }' "$work/dconf"
}

# own_profile: the profile that counts while nobody made one in /etc, where our packages bring one
own_profile() {
    if [ -f /usr/share/dconf/profile/user ]; then cat /usr/share/dconf/profile/user; fi
}

# add_database: in a dconf profile, our database comes directly after the user's own
add_database() {
    awk '
        /^system-db:groundplan$/ { next }
        { print }
        /^user-db:/ && !done { print "system-db:groundplan"; done = 1 }
        END { if (!NR) print "user-db:user"; if (!done) print "system-db:groundplan" }'
}

if [ -e /usr/share/glib-2.0/schemas/org.gnome.desktop.screensaver.gschema.xml ]; then
    desktops=$((desktops + 1))
    write_dconf >"$work/dconf"
    cp -- "$work/dconf" "$work/want"
    put desktop.values /etc/dconf/db/groundplan.d/00-groundplan 644
    list_locks >"$work/want"
    put desktop.locks /etc/dconf/db/groundplan.d/locks/00-groundplan 644
    if ! installed dconf; then
        say desktop.database error 'the program dconf is missing (package dconf-cli): nothing locks the screen'
    else
        mkdir -p -- "$work/dconf.d/locks"
        cp -- "$work/dconf" "$work/dconf.d/00-groundplan"
        list_locks >"$work/dconf.d/locks/00-groundplan"
        if limited 30 dconf compile "$work/want" "$work/dconf.d" >/dev/null 2>&1; then
            put desktop.database /etc/dconf/db/groundplan 644
        else
            say desktop.database error 'dconf compile'
        fi
    fi
    if [ -f /etc/dconf/profile/user ]; then
        edit desktop.profile /etc/dconf/profile/user add_database
    else
        own_profile | add_database >"$work/want"
        put desktop.profile /etc/dconf/profile/user 644
    fi
fi

if installed plasmashell; then
    desktops=$((desktops + 1))
    cat >"$work/want" <<EOF
[Daemon][\$i]
Autolock=$lock
LockGrace=0
LockOnResume=true
Timeout=$minutes
EOF
    put desktop.kde-lock /etc/xdg/kscreenlockerrc 644
fi
if [ "$desktops" = 0 ]; then
    say desktop.lock skipped 'neither GNOME nor KDE is installed; other desktops are not configured'
fi

# ---- sign-in screen ----

# gdm_access: nobody is signed in without a password
gdm_access() {
{% if not automatic_sign_in %}
    set_key '[daemon]' AutomaticLoginEnable false | set_key '[daemon]' TimedLoginEnable false
{% else %}
    cat
{% endif %}
}

notice={{ notice }}

gdm_screen() {
{% if notice %}
    set_key '[org/gnome/login-screen]' banner-message-text {{ notice | gvariant }} |
        set_key '[org/gnome/login-screen]' banner-message-enable true |
{% endif %}
{% if not user_list %}
        set_key '[org/gnome/login-screen]' disable-user-list true |
{% endif %}
        cat
}

if [ -f /etc/gdm3/daemon.conf ]; then
    edit sign-in.gdm /etc/gdm3/daemon.conf gdm_access
    if [ -f /etc/gdm3/greeter.dconf-defaults ]; then
        edit sign-in.gdm-screen /etc/gdm3/greeter.dconf-defaults gdm_screen
    fi
fi

# lightdm_drop: no seat of its own signs somebody in; what is set for all seats is set in lightdm.conf, which comes last
lightdm_drop() {
{% if not automatic_sign_in %}
    drop_keys '[Seat' '[Seat:*]' 'autologin-user autologin-guest' |
{% endif %}
{% if not guest_sign_in %}
    drop_keys '[Seat' '[Seat:*]' 'allow-guest autologin-guest greeter-allow-guest' |
{% endif %}
    cat
}

lightdm_set() {
    lightdm_drop |
{% if not automatic_sign_in %}
        set_key '[Seat:*]' autologin-user '' |
        set_key '[Seat:*]' autologin-guest false |
{% endif %}
{% if not guest_sign_in %}
        set_key '[Seat:*]' allow-guest false |
{% endif %}
{% if not user_list %}
        set_key '[Seat:*]' greeter-hide-users true |
        set_key '[Seat:*]' greeter-show-manual-login true |
{% endif %}
{% if not switch_user %}
        set_key '[Seat:*]' allow-user-switching false |
{% endif %}
        cat
}

if [ -f /etc/lightdm/lightdm.conf ]; then
    edit sign-in.lightdm /etc/lightdm/lightdm.conf lightdm_set
    for file in /etc/lightdm/lightdm.conf.d/*.conf; do
        if [ -f "$file" ]; then
            edit sign-in.lightdm-parts "$file" lightdm_drop
        fi
    done
fi

{% if not automatic_sign_in %}
if installed sddm; then
    if [ -f /etc/sddm.conf ]; then
        edit sign-in.sddm /etc/sddm.conf set_key '[Autologin]' User ''
    else
        printf '[Autologin]\nUser=\n' >"$work/want"
        put sign-in.sddm /etc/sddm.conf 644
    fi
fi
{% endif %}

# ---- notice ----

if [ -n "$notice" ]; then
    printf '%s\n' "$notice" >"$work/want"
    put sign-in.notice /etc/motd.d/groundplan 644
else
    gone sign-in.notice /etc/motd.d/groundplan 'the notice of an earlier plan'
fi

# ---- configuration of the role's programs ----

{% for row in install if parameters[row.only_if] %}
bring {{ row.id }} {{ row.from }} {{ row.to }}
{% endfor %}

if [ "$script" = apply ] && [ "$changes" -gt 0 ] && [ -d /run/systemd/system ]; then
    limited 30 systemctl daemon-reload >/dev/null 2>&1 || say system.reload error 'systemctl daemon-reload'
fi
finish
