#!/bin/sh
# boot.sh ROOM PROJECT SCRIPT : boots a machine whose disk is this machine's own, with an overlay in memory above it, and
# runs SCRIPT in it once systemd is up. ROOM/out is /out inside, PROJECT is /yizhan-src inside, read-only. Nothing that is
# written elsewhere is kept. Start it under `unshare --mount`: then every mount ends with it, whatever happens.
# Memory limits do not hold in such a machine: never try MemoryMax here.
set -eu
room=$1 project=$2 script=$3
mkdir -p "$room/out" "$room/disk"
mount -t tmpfs tmpfs "$room/disk"
mkdir "$room/disk/upper" "$room/disk/work" "$room/disk/root"
root=$room/disk/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$room/disk/upper,workdir=$room/disk/work" "$root"

# A container inside a container would not boot as one; tmpfiles must not clean up the disk below.
rm -f "$root/.dockerenv" "$root/run/.containerenv"
: >"$root/etc/fstab"
mkdir -p "$root/etc/tmpfiles.d"
for kind in tmp debian var home; do ln -sf /dev/null "$root/etc/tmpfiles.d/$kind.conf"; done

# A target of its own: no service of this machine is started, as multi-user.target would.
cat >"$root/etc/systemd/system/trial.service" <<UNIT
[Unit]
After=basic.target
[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart=/bin/sh -c '/bin/bash /yizhan-src/$script >/out/trial.log 2>&1; echo \$\$? >/out/exit-code'
ExecStopPost=/bin/systemctl poweroff --no-block
UNIT
cat >"$root/etc/systemd/system/trial.target" <<UNIT
[Unit]
Requires=basic.target
Wants=trial.service dbus.service
After=basic.target
AllowIsolate=yes
UNIT

exec timeout --kill-after=5 240 systemd-nspawn --directory="$root" --boot --register=no --keep-unit --quiet \
  --link-journal=no --private-network --capability=all \
  --bind="$room/out:/out" --bind-ro="$project:/yizhan-src" -- --unit=trial.target </dev/null >"$room/out/console.log" 2>&1
