import { readdir, readFile, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fault } from "../kit/fault.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { labelOf, type HidDevice, type HidPlaces } from "./hid-find.ts";

/**
 * Keeps what a reader types from the console and the browser. The kernel then drops it before every input handler,
 * while hidraw, which it serves first, still hears all [B1, B2, B4]. Every input of the plug is silenced: a reader may
 * bring a second one with a power key. It stays so until the reader is unplugged, also while the kiosk is restarted.
 */
export async function silence(device: HidDevice, where: HidPlaces): Promise<Result<void>> {
  const below = `${plugOf(device)}/`;
  for (const name of await readdir(where.inputs).catch(() => [])) {
    if (!/^input\d+$/.test(name)) continue;
    const folder = await realpath(join(where.inputs, name)).catch(() => "");
    if (!folder.startsWith(below)) continue;
    const inhibited = join(folder, "inhibited");
    const silent = await isSilent(inhibited);
    if (silent === undefined)
      return refused(
        device,
        "this kernel cannot silence it; Linux 5.11 or newer is needed, or a reader in HID-POS mode",
      );
    if (silent) continue;
    const written = await writeFile(inhibited, "1").then(
      () => true,
      () => false,
    );
    if (!written || !(await isSilent(inhibited)))
      return refused(device, `give group plugdev the right to write ${inhibited}, as systemd/70-yizhan.rules does`);
  }
  return ok(undefined);
}

/** The folder of all that came with this plug. */
function plugOf({ folder, usb }: HidDevice): string {
  const at = usb === undefined ? -1 : folder.indexOf(`/${usb.interface}/`);
  return at < 0 ? folder : folder.slice(0, at);
}

const isSilent = (inhibited: string): Promise<boolean | undefined> =>
  readFile(inhibited, "utf8").then(
    (text) => text.trim() === "1",
    () => undefined,
  );

const refused = (device: HidDevice, cure: string) =>
  err(fault("refused", `what ${labelOf(device)} reads would be typed into the screen: ${cure}`));
