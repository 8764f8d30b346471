// The disk's thread begins here: a thread does not inherit the compile cache, and without it spends most of its start on types.
import module from "node:module";
import "../clean-buffers.mjs";

module.enableCompileCache();
await import("./worker.ts");
module.flushCompileCache();
