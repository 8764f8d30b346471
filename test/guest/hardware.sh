# Runs in the guest: a real udev obeys the device rules, then the tests speak.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
house=$(cd "$here/../.." && pwd)
export PATH="$house/node_modules/.bin:$PATH"
cp "$house/systemd/70-yizhan.rules" "$house/test/.work/guest/71-yizhan-readers.rules" /etc/udev/rules.d/
/lib/systemd/systemd-udevd --daemon >/dev/null
udevadm trigger --action=add
udevadm settle -t 20
node "$here/hardware.ts"
