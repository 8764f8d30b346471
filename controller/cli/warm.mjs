// Run at install: starts once what a kiosk needs, so that its first true start finds everything compiled. The compile
// cache belongs to the user who runs this, so systemd/install.sh runs it again as the user of the kiosk.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const nothing = mkdtempSync(join(tmpdir(), "yizhan-warm-"));
const path = join(nothing, "port");

/** @param {readonly string[]} words */
const yizhan = (...words) =>
  spawnSync(process.execPath, [join(import.meta.dirname, "../yizhan.mjs"), ...words], {
    input: "quit\n",
    stdio: ["pipe", "ignore", "ignore"],
    timeout: 60_000,
  }).status;

const folder = join(import.meta.dirname, "../../config/profiles");
const profiles = readdirSync(folder).map((file) => {
  const { model, usb, wiring } = JSON.parse(readFileSync(join(folder, file), "utf8"));
  return { model, isHid: usb !== undefined, isSerial: wiring.baud !== undefined };
});

// A whole kiosk, until it reads "quit".
const simulated = yizhan("sim", "--port", "0", "--fast");
// A station with a device of every model, and nothing else: it is refused, but all drivers have been loaded by then.
const devices = profiles.map(({ model }) => ({ id: model, profile: model, wiring: { by: "path", match: path } }));
writeFileSync(join(nothing, "station.json"), JSON.stringify({ devices }));
yizhan("run", "--config", nothing, "--data", nothing);
// Nothing is at the path, but the packages of serial lines and of HID devices have been loaded by then.
for (const tried of [profiles.find(({ isSerial }) => isSerial), profiles.find(({ isHid }) => isHid)])
  if (tried) yizhan("test", "--profile", tried.model, "--path", path, "--seconds", "0");
rmSync(nothing, { recursive: true, force: true });
if (simulated !== 0) console.log("The simulated kiosk did not start. To see why: npx yizhan sim");
