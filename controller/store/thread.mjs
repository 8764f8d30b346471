// The disk's thread begins here: a thread does not inherit the compile cache, and without it spends most of its start on types.
import module from "node:module";

module.enableCompileCache();
await import("./worker.ts");
module.flushCompileCache();
