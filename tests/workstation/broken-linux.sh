# How the items of Linux without a file of their own are broken.
mkdir -p /etc/gdm3 /etc/lightdm/lightdm.conf.d /var/lib/systemd/linger /etc/dconf/profile
printf '[daemon]\nAutomaticLoginEnable = true\n' >/etc/gdm3/daemon.conf
printf '[org/gnome/login-screen]\nlogo=1\n' >/etc/gdm3/greeter.dconf-defaults
printf '[Seat:*]\nautologin-user=anna\n' >/etc/lightdm/lightdm.conf
printf '[Seat:seat0]\nautologin-user=bert\n' >/etc/lightdm/lightdm.conf.d/50.conf
printf 'user-db:user\n' >/etc/dconf/profile/user
for program in plasmashell sddm; do
    printf '#!/bin/sh\n' >"/usr/bin/$program"
    chmod 755 "/usr/bin/$program"
done
printf '[General]\n' >/etc/sddm.conf
cat >/run/of-others <<'LIST'
/etc/login.defs
/etc/pam.d/common-session
/etc/pam.d/common-session-noninteractive
/etc/gdm3/daemon.conf
/etc/gdm3/greeter.dconf-defaults
/etc/lightdm/lightdm.conf
/etc/lightdm/lightdm.conf.d/50.conf
/etc/sddm.conf
/etc/dconf/profile/user
LIST

break_all() {
    for change in 'chmod 750' 'chmod 711' 'setfacl -m u:bert:x'; do
        $change /home/anna
        named homes.mode
        setfacl -b /home/anna
        chmod 700 /home/anna
    done
    : >/var/lib/systemd/linger/anna
    named sessions.linger
    rm /var/lib/systemd/linger/anna
    mkdir -p /var/lib/groundplan/uncleaned
    : >/var/lib/groundplan/uncleaned/4001
    named clean.result
    rm -r /var/lib/groundplan/uncleaned
    broken homes.new /etc/login.defs sed -i 's/^HOME_MODE.*/HOME_MODE 0755/' /etc/login.defs
    broken homes.new /etc/login.defs rm /etc/login.defs
    for part in '' -noninteractive; do
        broken "homes.umask${part:+-background}" "/etc/pam.d/common-session$part" \
            sed -i 's/umask=0077/umask=0022/' "/etc/pam.d/common-session$part"
    done
    broken sign-in.gdm /etc/gdm3/daemon.conf sed -i 's/^TimedLoginEnable=false/TimedLoginEnable=true/' /etc/gdm3/daemon.conf
    broken sign-in.gdm-screen /etc/gdm3/greeter.dconf-defaults sed -i /disable-user-list/d /etc/gdm3/greeter.dconf-defaults
    for key in autologin-user= autologin-guest=false allow-guest=false greeter-hide-users=true allow-user-switching=false; do
        broken sign-in.lightdm /etc/lightdm/lightdm.conf sed -i "s/^$key.*/${key%%=*}=anna/" /etc/lightdm/lightdm.conf
    done
    broken sign-in.lightdm-parts /etc/lightdm/lightdm.conf.d/50.conf \
        sed -i 's/^\[Seat.*/&\nautologin-user=bert/' /etc/lightdm/lightdm.conf.d/50.conf
    broken sign-in.sddm /etc/sddm.conf sed -i 's/^User=.*/User=anna/' /etc/sddm.conf
    broken desktop.profile /etc/dconf/profile/user sed -i /groundplan/d /etc/dconf/profile/user
}
