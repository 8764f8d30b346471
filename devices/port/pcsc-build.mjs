// smartcard brings no binary. It is built here where the PC/SC headers are, with the node-gyp that npm brings, against
// the headers of the pinned Node. Where they are not, PC/SC readers are absent and nothing else is.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";

const home = "node_modules/smartcard";
const gyp = process.env["npm_config_node_gyp"];
const absent = (/** @type {string} */ why) =>
  console.log(
    `PC/SC readers are absent (${why}). Everything else works. To have them: apt-get install libpcsclite-dev pcscd g++ make python3, then npm ci once more.`,
  );

if (!existsSync("/usr/include/PCSC/winscard.h")) absent("no libpcsclite-dev");
else if (!existsSync(home) || gyp === undefined) absent("package smartcard is not there");
else if (!existsSync(`${home}/build/Release/smartcard_napi.node`)) {
  const nodedir = resolve(process.execPath, "../..");
  const build = spawnSync(process.execPath, [gyp, "rebuild", `--nodedir=${nodedir}`], { cwd: home, encoding: "utf8" });
  if (build.status !== 0) absent("package smartcard could not be built");
}
