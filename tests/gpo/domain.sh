#!/bin/sh
# A Samba domain on loopback that takes what groundplan wrote for it.
#
#   domain.sh ROOT WORK
#
# ROOT is a Debian system with Samba 4.22 or newer, made when it is not there. For each WORK/NAME.json a Group Policy object
# is made and filled; what then lies in sysvol comes out as WORK/NAME.user.pol and WORK/NAME.machine.pol, and what the tool
# shows of it as WORK/NAME.show. The domain lives in own namespaces, sees no network but its loopback, and is thrown away.
set -eu

root=$1
work=$2

make() {
    debootstrap --variant=minbase trixie "$root.new" >"$root.log" 2>&1
    cp /etc/resolv.conf "$root.new/etc/resolv.conf"
    chroot "$root.new" sh -c 'apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends \
        samba samba-ad-dc samba-ad-provision samba-vfs-modules winbind samba-common-bin iproute2' >>"$root.log" 2>&1 </dev/null
    mv "$root.new" "$root"
}

inside() {
    mount --bind /dev "$root/dev"
    mount -t proc proc "$root/proc"
    mount -t tmpfs tmpfs "$root/tmp"
    mount -t tmpfs tmpfs "$root/run"
    mount --bind "$work" "$root/mnt"
    hostname dc1
    chroot "$root" ip link set lo up
    exec chroot "$root" sh -eu -c "$(domain)"
}

domain() {
    cat <<'INSIDE'
    place=/tmp/domain
    password='Loopback-0nly!'
    printf '127.0.0.1 dc1.lab.test dc1 localhost\n' >/etc/hosts
    samba-tool domain provision --targetdir=$place --realm=LAB.TEST --domain=LAB --server-role=dc --dns-backend=NONE \
        --adminpass="$password" --option='interfaces=lo' --option='bind interfaces only=yes' >/tmp/provision.log 2>&1 ||
        { cat /tmp/provision.log >&2; exit 1; }
    cp $place/private/krb5.conf /etc/krb5.conf
    printf '127.0.0.1 dc1.lab.test dc1 localhost\n' >/etc/hosts
    samba -i -s $place/etc/smb.conf >/tmp/samba.log 2>&1 &
    tool() { samba-tool gpo "$@" -H ldap://dc1.lab.test -U "Administrator%$password" --configfile=$place/etc/smb.conf; }
    tries=0
    until tool listall >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 60 ] || { cat /tmp/samba.log >&2; exit 1; }
        sleep 0.5
    done
    for content in /mnt/*.json; do
        name=${content%.json}
        guid=$(tool create "${name##*/}" | sed -n 's/.*\({[-0-9A-F]*}\).*/\1/p')
        tool load "$guid" --content="$content" --replace >&2
        tool show "$guid" >"$name.show"
        for half in User Machine; do
            file=$(find $place -ipath "*/policies/$guid/$half/registry.pol")
            [ -z "$file" ] || cp "$file" "$name.$(printf %s $half | tr A-Z a-z).pol"
        done
    done
INSIDE
}

if [ "${3:-}" = inside ]; then
    inside
fi
[ -d "$root" ] || make
exec unshare --net --mount --uts --pid --fork sh "$0" "$root" "$work" inside
