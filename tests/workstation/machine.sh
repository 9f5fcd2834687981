# Run by machine.rs in own mounts and processes; $0 is the folder with the scripts.
set -eu
stage=$(mktemp -d)
mount -t tmpfs tmpfs "$stage"
mkdir "$stage/up" "$stage/work" "$stage/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$stage/up,workdir=$stage/work" "$stage/root"
mkdir "$stage/root/role"
cp -a "$0/." "$stage/root/role"
mount -t proc proc "$stage/root/proc"
mount --rbind /dev "$stage/root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$stage/root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$stage/root/run"
# everything that was written since the start, in one place
mkdir "$stage/root/run/changed"
mount --bind "$stage/up" "$stage/root/run/changed"
status=0
chroot "$stage/root" /bin/sh /role/steps </dev/null || status=$?
exit "$status"
