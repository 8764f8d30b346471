// Run as a process of its own: holds the ledger in a folder until it is killed. holder.ts FOLDER
import { openDisk } from "../../controller/store/disk.ts";
import { fill, optionsFor } from "./folder.ts";

const disk = await openDisk(optionsFor(process.argv[2] ?? ""));
if (!disk.ok) throw new Error(disk.error.says);
await fill(disk.value, 5);
process.stdout.write("holding\n");
