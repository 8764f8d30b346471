#!/bin/sh
# Puts this checkout onto a Raspberry Pi as a kiosk:  sudo systemd/install.sh [--without-screen]
# Before it: npm ci --omit=dev   After it: docs/install.md says what to do next. Run it again for each new release.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
screen=yes
case "${1-}" in
  "") ;;
  --without-screen) screen=no ;;
  *) echo "usage: sudo systemd/install.sh [--without-screen]" >&2; exit 2 ;;
esac
stop() { echo "install.sh: $1" >&2; exit 1; }

# 1. Is everything here?
[ "$(id -u)" = 0 ] || stop "run it as root: sudo systemd/install.sh"
[ -x "$here/node_modules/.bin/node" ] || stop "the pinned Node is missing. Run first: npm ci --omit=dev"
"$here/node_modules/.bin/node" --version >/dev/null || stop "the pinned Node does not start here. A 64-bit system is needed."
needed="udevadm:udev systemd-notify:systemd"
[ $screen = no ] || needed="$needed cage:cage seatd:seatd Xwayland:xwayland chromium:chromium"
for pair in $needed; do
  command -v "${pair%%:*}" >/dev/null || stop "the program ${pair%%:*} is missing. Install it: apt install ${pair##*:}"
done

# 2. The users and groups.
install -D -m 644 "$here/systemd/yizhan.sysusers" /etc/sysusers.d/yizhan.conf
systemd-sysusers yizhan.conf

# 3. The program. The release before it is kept in /opt/yizhan.old.
rm -rf /opt/yizhan.new
mkdir -p /opt/yizhan.new
for part in console controller devices config protocol docs systemd node_modules package.json LICENSE; do
  [ ! -e "$here/$part" ] || cp -R --no-dereference --preserve=mode,timestamps,links "$here/$part" /opt/yizhan.new/
done
chmod -R u=rwX,go=rX /opt/yizhan.new
rm -rf /opt/yizhan.old
[ ! -e /opt/yizhan ] || mv /opt/yizhan /opt/yizhan.old
mv /opt/yizhan.new /opt/yizhan
install -D -m 755 "$here/systemd/yizhan-command.sh" /usr/local/bin/yizhan

# 4. The units, and what they need around them.
install -D -m 644 -t /etc/systemd/system "$here/systemd/yizhan.service"
install -D -m 644 "$here/systemd/yizhan.tmpfiles" /etc/tmpfiles.d/yizhan.conf
install -D -m 644 -t /etc/udev/rules.d "$here/systemd/70-yizhan.rules"
install -D -m 644 -t /etc/systemd/journald.conf.d "$here/systemd/journald.conf.d/yizhan.conf"
install -D -m 644 -t /etc/systemd/system.conf.d "$here/systemd/system.conf.d/yizhan.conf"
if [ $screen = yes ]; then
  install -D -m 644 -t /etc/systemd/system "$here/systemd/yizhan-screen.service"
  install -D -m 644 "$here/systemd/chromium-policy.json" /etc/chromium/policies/managed/yizhan.json
fi
systemd-tmpfiles --create yizhan.conf
# Compiled once by the user of the kiosk, whose cache it is: the first start shall be as fast as the others.
(cd / && runuser -u yizhan -- env NODE_COMPILE_CACHE=/var/cache/yizhan \
  /opt/yizhan/node_modules/.bin/node /opt/yizhan/controller/cli/warm.mjs)
# The station's own readers are silenced as soon as they are plugged in. Without a station file, or with a wrong one,
# only when the kiosk opens them.
readers=/etc/udev/rules.d/71-yizhan-readers.rules
if /usr/local/bin/yizhan check --config /etc/yizhan --udev >"$readers.new" 2>/dev/null; then
  mv "$readers.new" "$readers"
else
  rm -f "$readers.new"
fi
systemctl daemon-reload
udevadm control --reload 2>/dev/null && udevadm trigger || echo "The device rules are obeyed after the next start of the machine."

# 5. From the next start of the machine on, and now if it was running already.
systemctl enable --quiet yizhan.service
if [ $screen = yes ]; then
  systemctl enable --quiet yizhan-screen.service seatd.service
  # The screen takes the first console; a login prompt there would hear what workers type.
  systemctl disable --quiet --now getty@tty1.service
fi
systemctl try-restart yizhan.service

# The units forbid it, but a kernel that does not count memory by unit, as Raspberry Pi's does not, swaps all the same.
swaps=$(awk 'NR > 1 && $1 !~ "/zram" { print $1 }' /proc/swaps; grep -hvx none /sys/block/zram*/backing_dev 2>/dev/null || :)
[ -z "$swaps" ] || echo "Memory is swapped out to" $swaps "and with it keys, and what people measured: turn it off (docs/install.md, step 2)."

echo "Installed in /opt/yizhan. Next: write /etc/yizhan/station.json, then"
echo "  sudo -u yizhan yizhan check --config /etc/yizhan    and, when it finds no mistake,"
echo "  sudo systemctl start yizhan"
