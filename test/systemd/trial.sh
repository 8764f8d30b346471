#!/bin/bash
# Runs inside the machine of boot.sh, as a technician would on a new Raspberry Pi. It judges nothing: each fact becomes a
# line "name=value" in /out/facts, and booted.test.ts says what must be true.
export SYSTEMD_COLORS=0 SYSTEMD_PAGER=cat TERM=dumb
fact() { printf '%s=%s\n' "$1" "$2" >>/out/facts; }
show() { systemctl show "$1" --property="$2" --value; }
until_true() { # SECONDS COMMAND...
  local end=$((SECONDS + $1)); shift
  until "$@"; do [ $SECONDS -lt $end ] || return 1; sleep 0.1; done
}

# No graphics here: stand-ins for the programs of the screen, of which the compositor does nothing.
for program in cage seatd Xwayland; do
  printf '#!/bin/sh\nexec sleep infinity\n' >/usr/bin/$program; chmod 755 /usr/bin/$program
done
printf '[Service]\nExecStart=/usr/bin/seatd\n[Install]\nWantedBy=multi-user.target\n' >/etc/systemd/system/seatd.service

/yizhan-src/systemd/install.sh >/out/install.log 2>&1; fact install.exit $?
systemd-analyze verify yizhan.service yizhan-screen.service >/out/verify.log 2>&1
fact verify.said "$(tr '\n' '|' </out/verify.log)"
fact udev.said "$(udevadm test /sys/devices/virtual/mem/null 2>&1 | grep 70-yizhan | grep -v 'Reading rules file' | tr '\n' '|')"
fact udev.read "$(udevadm test /sys/devices/virtual/mem/null 2>&1 | grep -c 'Reading rules file.*70-yizhan')"

# The station: one vending board, whose wire is a pseudo-terminal with nobody at the other end but an ear.
install -m 640 -g yizhan /yizhan-src/test/systemd/station.json /etc/yizhan/station.json
socat -u PTY,link=/run/board,rawer,mode=0660,group=dialout OPEN:/run/heard,creat &
until_true 10 test -e /run/board
runuser --user yizhan -- yizhan check --config /etc/yizhan >/out/check.log 2>&1; fact check.exit $?
runuser --user yizhan -- test -r /run/board -a -w /run/board; fact check.reaches-board $?

# As on a machine of its own: the container's view of the devices is read-only otherwise.
mount -o remount,rw /sys/devices
systemctl start yizhan; fact start.exit $?
fact start.state "$(show yizhan ActiveState)"
fact start.status "$(show yizhan StatusText)"
fact start.watchdog "$(show yizhan WatchdogUSec)"
first=$(show yizhan MainPID)
fact start.user "$(stat -c %U:%G /proc/"$first")"
fact start.groups "$(ps -o supgrp= -p "$first")"
fact start.seccomp "$(awk '/^Seccomp:/{print $2}' /proc/"$first"/status)"
fact start.capabilities "$(awk '/^CapBnd:/{print $2}' /proc/"$first"/status)"
# The same walls from within: seen as the kiosk's user, and, for what no wall of file rights holds, as root.
within() { nsenter --target "$first" --mount --root -- "$@"; }
as_kiosk() { within setpriv --reuid=yizhan --regid=yizhan --clear-groups "$@" 2>/dev/null && echo yes || echo no; }
fact sandbox.root-may-change-program "$(within touch /opt/yizhan/mark 2>/dev/null && echo yes || echo no)"
fact sandbox.may-change-station-file "$(as_kiosk touch /etc/yizhan/mark)"
fact sandbox.may-read-station-file "$(as_kiosk test -r /etc/yizhan/station.json)"
fact sandbox.may-write-data "$(as_kiosk touch /var/lib/yizhan/mark)"
writable() { within findmnt --noheadings --output OPTIONS --target "$1" | grep -q '^rw' && echo yes || echo no; }
fact sandbox.devices-writable "$(writable /sys/devices)"
fact sandbox.kernel-settings-writable "$(writable /sys/kernel)"
touch /root/secret; fact sandbox.root-sees-home "$(within ls -A /root | wc -l)"
fact folders "$(stat -c %U:%G:%a /etc/yizhan /var/lib/yizhan /var/cache/yizhan | tr '\n' ' ')"
page() { setpriv --reuid=yizhan-screen --regid=yizhan-screen --clear-groups bash -c \
  'exec 3<>/dev/tcp/127.0.0.1/8080; printf "GET / HTTP/1.0\r\nHost: 127.0.0.1:8080\r\n\r\n" >&3; head -n 1 <&3' | tr -d '\r'; }
fact page.answer "$(page)"
until_true 20 test -s /run/heard; fact wire.heard "$(stat -c %s /run/heard)"
until_true 10 systemctl is-active --quiet yizhan-screen
fact screen.state "$(show yizhan-screen ActiveState)"
screen=$(show yizhan-screen MainPID)

# Fed: systemd moves its watchdog's clock at each word.
fed_again() { [ "$(show yizhan WatchdogTimestampMonotonic)" != "$fed" ]; }
fed=$(show yizhan WatchdogTimestampMonotonic); until_true 20 fed_again; fact watchdog.fed "$(fed_again && echo yes || echo no)"

# Frozen: the process stops turning, as a hung loop does.
restarts() { [ "$(show yizhan NRestarts)" -ge "$1" ] && [ "$(show yizhan ActiveState)" = active ]; }
frozen=$SECONDS; kill -STOP "$first"; until_true 60 restarts 1
fact frozen.seconds $((SECONDS - frozen))
fact frozen.restarts "$(show yizhan NRestarts)"
fact frozen.state "$(show yizhan ActiveState)"
fact frozen.same-process "$([ "$(show yizhan MainPID)" = "$first" ] && echo yes || echo no)"
fact frozen.reason "$(journalctl --sync; journalctl --unit=yizhan --no-pager | grep -c "Failed with result 'watchdog'")"
new_screen() { [ "$(show yizhan-screen ActiveState)" = active ] && [ "$(show yizhan-screen MainPID)" != "$screen" ]; }
until_true 10 new_screen; fact frozen.new-screen "$(new_screen && echo yes || echo no)"

# Dead: killed outright.
killed=$SECONDS; kill -KILL "$(show yizhan MainPID)"; until_true 20 restarts 2
fact killed.seconds $((SECONDS - killed))
fact killed.restarts "$(show yizhan NRestarts)"
fact killed.state "$(show yizhan ActiveState)"

# Stopped on purpose.
systemctl stop yizhan; fact stop.exit $?
fact stop.state "$(show yizhan ActiveState)"
fact stop.result "$(show yizhan Result)"
fact stop.status "$(show yizhan ExecMainCode):$(show yizhan ExecMainStatus)"
fact stop.screen "$(show yizhan-screen ActiveState)"
fact stop.journal "$(journalctl --sync; journalctl --unit=yizhan --no-pager | grep -c '"kiosk.stopped"')"
systemctl start yizhan; until_true 10 systemctl is-active --quiet yizhan-screen
fact again.state "$(show yizhan ActiveState)"
fact again.screen "$(show yizhan-screen ActiveState)"
systemctl stop yizhan
runuser --user yizhan -- yizhan ledger verify --data /var/lib/yizhan >/out/ledger.log 2>&1
fact ledger.exit $?
fact cache.files "$(find /var/cache/yizhan -type f | wc -l)"

journalctl --no-pager --output=short-monotonic --unit=yizhan --unit=yizhan-screen >/out/journal.log 2>&1
