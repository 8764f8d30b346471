#!/usr/bin/env node
import module from "node:module";

if (typeof module.enableCompileCache !== "function" || Number.parseInt(process.versions.node) < 24) {
  console.error(`This is Node ${process.versions.node}. Run it through npm or npx: they use the pinned Node 24.`);
  process.exit(2);
}
module.enableCompileCache();
await import("./main.ts");
