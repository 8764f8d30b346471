// onoff stands on epoll, a native addon tied to one Node ABI. npm itself may run on another Node than the
// pinned one, so the addon is built here against the headers that the pinned Node package brings.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";

const absent = (/** @type {string} */ why) =>
  console.log(
    `GPIO is absent (${why}). Everything else works. To have it: apt-get install g++ make python3, then npm ci once more.`,
  );

if (!existsSync("node_modules/epoll")) absent("package epoll could not be built");
else {
  const nodedir = resolve(process.execPath, "../..");
  const build = spawnSync("npm", ["rebuild", "epoll"], {
    env: { ...process.env, npm_config_nodedir: nodedir },
    encoding: "utf8",
  });
  if (build.status !== 0) absent("package epoll could not be built");
}
