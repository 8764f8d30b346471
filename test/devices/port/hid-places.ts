import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HidPlaces } from "../../../devices/port/hid-find.ts";

// Folders as the kernel makes them for HID devices, for tests that need no kernel.

export interface Shown {
  /** Number of its hidraw file. */
  readonly number: number;
  readonly ids: string;
  readonly serial?: string;
  readonly name?: string;
  /** The USB interface it is, such as "1-1.3:1.0"; without it a device of another bus. */
  readonly usb?: string;
  readonly descriptor: Uint8Array;
  /** "0" or "1" of each input that it brings; "missing" on an old kernel. */
  readonly inputs?: readonly string[];
}

export function hidPlaces(folder: string) {
  const where: HidPlaces = { hidraws: join(folder, "hidraw"), inputs: join(folder, "input"), dev: join(folder, "dev") };
  for (const place of Object.values(where)) mkdirSync(place, { recursive: true });
  let plugs = 0;
  let inputs = 0;

  const plug = ({ number, ids, serial = "", name = "Reader", usb, descriptor, inputs: states = [] }: Shown) => {
    plugs += 1;
    const [vendor = "", product = ""] = ids.split(":");
    const bus = usb === undefined ? "virtual/uhid" : `pci/usb1/${usb.replace(/:.*/, "")}/${usb}`;
    const device = join(folder, "devices", bus, `0003:${vendor}:${product}.${plugs}`.toUpperCase());
    mkdirSync(join(device, "input"), { recursive: true });
    const id = `0003:0000${vendor}:0000${product}`.toUpperCase();
    writeFileSync(join(device, "uevent"), `DRIVER=hid-generic\nHID_ID=${id}\nHID_NAME=${name}\nHID_UNIQ=${serial}\n`);
    writeFileSync(join(device, "report_descriptor"), descriptor);
    const entry = join(where.hidraws, `hidraw${number}`);
    mkdirSync(entry);
    symlinkSync(device, join(entry, "device"));
    writeFileSync(join(where.dev, `hidraw${number}`), "");
    const inhibited = states.map((state) => {
      inputs += 1;
      const input = join(device, "input", `input${inputs}`);
      mkdirSync(input);
      symlinkSync(input, join(where.inputs, `input${inputs}`));
      const file = join(input, "inhibited");
      if (state !== "missing") writeFileSync(file, `${state}\n`);
      return file;
    });
    return {
      silent: () => inhibited.map((file) => readFileSync(file, "utf8").trim()),
      unplug() {
        rmSync(entry, { recursive: true });
        rmSync(device, { recursive: true });
        rmSync(join(where.dev, `hidraw${number}`), { force: true });
      },
    };
  };
  return { where, plug };
}
