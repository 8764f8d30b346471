#!/usr/bin/env node
import module from "node:module";
import { fileURLToPath } from "node:url";
import v8 from "node:v8";
import "./clean-buffers.mjs";

if (typeof module.enableCompileCache !== "function" || Number.parseInt(process.versions.node) < 24) {
  console.error(`This is Node ${process.versions.node}. Run it through npm or npx: they use the pinned Node 24.`);
  process.exit(2);
}
// A kiosk has little to do and little memory. Without these V8 takes 20 MB more for young objects and for a compiler
// between its fast one and its good one; docs/benchmarks.md shows what it comes to.
v8.setFlagsFromString("--semi-space-growth-factor=1");
v8.setFlagsFromString("--no-maglev");

// In the tree, since the usual place under /tmp is emptied at each start of the machine. The disk's thread reads the
// variable too. Where nothing can be written there, everything is compiled again.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(new URL("../node_modules/.cache/yizhan", import.meta.url));
module.enableCompileCache();
// Node keeps what it compiled when a process ends in peace; a kiosk mostly ends when somebody pulls the plug.
setTimeout(() => module.flushCompileCache(), 20_000).unref();
await import("./main.ts");
