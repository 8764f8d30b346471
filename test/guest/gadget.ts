import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { leftovers } from "./telling.ts";

// USB devices that the kernel enumerates for real: a composed gadget behind dummy_hcd's two sockets.

const gadgets = "/sys/kernel/config/usb_gadget";

export interface Composed {
  readonly name: string;
  readonly vendor: string;
  readonly product: string;
  readonly serial: string;
  /** Functions by their name, such as "acm.one" or "hid.one", with the files that set them up. */
  readonly functions: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>;
}

export interface Gadget {
  plug(socket: 0 | 1): void;
  unplug(): void;
}

export function compose({ name, vendor, product, serial, functions }: Composed): Gadget {
  const folder = `${gadgets}/${name}`;
  const strings = `${folder}/strings/0x409`;
  const configuration = `${folder}/configs/c.1`;
  for (const made of [folder, strings, configuration]) mkdirSync(made, { recursive: true });
  writeFileSync(`${folder}/idVendor`, `0x${vendor}`);
  writeFileSync(`${folder}/idProduct`, `0x${product}`);
  writeFileSync(`${strings}/serialnumber`, serial);
  writeFileSync(`${strings}/manufacturer`, "Yizhan");
  writeFileSync(`${strings}/product`, name);
  for (const [part, files] of Object.entries(functions)) {
    mkdirSync(`${folder}/functions/${part}`);
    for (const [file, value] of Object.entries(files)) writeFileSync(`${folder}/functions/${part}/${file}`, value);
    symlinkSync(`${folder}/functions/${part}`, `${configuration}/${part}`);
  }
  const sockets = readdirSync("/sys/class/udc").sort();
  const unplug = () => {
    if (leftovers.delete(unplug)) writeFileSync(`${folder}/UDC`, "\n");
  };
  return {
    plug(socket) {
      writeFileSync(`${folder}/UDC`, sockets[socket] ?? "");
      leftovers.add(unplug);
    },
    unplug,
  };
}
