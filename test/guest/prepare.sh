#!/bin/bash
# prepare.sh FOLDER: makes FOLDER/vmlinuz and FOLDER/initrd of Debian's own kernel, as root. The package is fetched once
# and never installed. The initrd holds a shell, the modules that the guest needs, and init.sh beside this.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mkdir -p "$1" && cd "$1" && pwd)
# First what the root needs, then what the tests plug in.
modules="virtio_pci 9pnet_virtio 9p overlay virtio_rng uhid hid_generic usbhid evdev cdc_acm libcomposite usb_f_acm usb_f_hid dummy_hcd"

# linux-image-amd64 is an empty package that depends on the real one.
image() { apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-.*\)/\1/p' | head -1; }
name=$(image)
[ -n "$name" ] || { apt-get -qq update; name=$(image); }
[ -n "$name" ] || { echo "apt knows no package linux-image-amd64: is this Debian on amd64?" >&2; exit 1; }
version=${name#linux-image-}
# Another kernel or another list of modules is another folder.
kernel=$folder/kernel-$version-$(echo "$modules" | sha256sum | head -c 8)

if [ ! -f "$kernel/vmlinuz" ]; then
  rm -rf "$folder"/kernel-* "$folder"/unpacked*
  unpacked=$(mktemp -d "$folder/unpacked-XXXXXX")
  fetch() { (cd "$unpacked" && apt-get -qq download "$name"); }
  fetch 2>/dev/null || { apt-get -qq update; fetch; }
  dpkg-deb --fsys-tarfile "$unpacked"/*.deb | tar -x -C "$unpacked" --wildcards './boot/vmlinuz-*' './lib/modules/*'
  depmod -b "$unpacked" "$version"
  mkdir -p "$kernel/modules"
  for module in $modules; do
    # Nothing where it is built into this kernel; otherwise these files in this order.
    modprobe -d "$unpacked" -S "$version" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p' | while read -r file; do
      base=$(basename "${file%.xz}" .ko)
      [ ! -f "$kernel/modules/$base.ko" ] || continue
      case $file in
        *.xz) xz -dc "$file" > "$kernel/modules/$base.ko" ;;
        *) cp "$file" "$kernel/modules/$base.ko" ;;
      esac
      echo "$base" >> "$kernel/modules/order"
    done
  done
  mv "$unpacked/boot/vmlinuz-$version" "$kernel/vmlinuz"
  rm -rf "$unpacked"
fi

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree"/{bin,proc,sys,dev,lower,upper,root}
cp /bin/busybox "$tree/bin/busybox"
cp -r "$kernel/modules" "$tree/modules"
cp "$here/init.sh" "$tree/init"
chmod 755 "$tree/init"
(cd "$tree" && find . | cpio --quiet -o -H newc | gzip -1) > "$folder/initrd.new"
mv "$folder/initrd.new" "$folder/initrd"
cp "$kernel/vmlinuz" "$folder/vmlinuz"
