// Run at install: starts once what a kiosk needs, so that its first true start finds everything compiled. The compile
// cache belongs to the user who runs this, so systemd/install.sh runs it again as the user of the kiosk.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const nothing = mkdtempSync(join(tmpdir(), "yizhan-warm-"));

/** @param {readonly string[]} words */
const yizhan = (...words) =>
  spawnSync(process.execPath, [join(import.meta.dirname, "../yizhan.mjs"), ...words], {
    input: "quit\n",
    stdio: ["pipe", "ignore", "ignore"],
    timeout: 60_000,
  }).status;

// A whole kiosk, until it reads "quit".
const simulated = yizhan("sim", "--port", "0", "--fast");
// These say no, since there is nothing in the folder, but have loaded by then what they would need.
yizhan("run", "--config", nothing, "--data", nothing);
for (const file of readdirSync(join(import.meta.dirname, "../../config/profiles"))) {
  const profile = file.replace(/\.json$/, "");
  yizhan("test", "--profile", profile, "--path", join(nothing, "port"), "--seconds", "0");
}
rmSync(nothing, { recursive: true, force: true });
if (simulated !== 0) console.log("The simulated kiosk did not start. To see why: npx yizhan sim");
