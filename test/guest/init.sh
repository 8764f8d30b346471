#!/bin/busybox sh
# The first process of the guest. The machine's own root lies under a layer of memory: the guest runs the same files at
# the same paths, and nothing it writes is kept. Then the script that the kernel's command line names: yz.run=/path.
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs devtmpfs /dev
while read -r module; do
  case $module in
    # Two sockets, so that a device can be plugged in elsewhere.
    dummy_hcd) $b insmod /modules/$module.ko num=2 ;;
    *) $b insmod /modules/$module.ko ;;
  esac || echo "init: $module is not loaded"
done < /modules/order
$b mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,cache=loose,ro machine /lower
$b mount -t tmpfs -o size=1g tmpfs /upper
$b mkdir /upper/data /upper/work
$b mount -t overlay -o lowerdir=/lower,upperdir=/upper/data,workdir=/upper/work overlay /root
for place in proc sys dev; do $b mount --move /$place /root/$place; done
$b mkdir -p /root/dev/shm
$b mount -t tmpfs tmpfs /root/dev/shm
$b mount -t tmpfs tmpfs /root/run
$b mount -t configfs configfs /root/sys/kernel/config
for link in "/proc/self/fd fd" "fd/0 stdin" "fd/1 stdout" "fd/2 stderr"; do set -- $link; $b ln -sf $1 /root/dev/$2; done
exec $b switch_root /root /bin/sh -c '
  export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
  for word in $(cat /proc/cmdline); do case $word in yz.run=*) run=${word#yz.run=} ;; esac; done
  ip link set lo up
  /bin/bash "$run"
  sync
  echo o > /proc/sysrq-trigger
  sleep 5
'
