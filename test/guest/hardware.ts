import type { PromiseName } from "./promises.ts";
import { ports } from "./ports.ts";
import { readers } from "./readers.ts";
import { serialReaders } from "./usb.ts";
import { telling } from "./telling.ts";

const promise = telling<PromiseName>();

// Runs in the guest, as root. Says a line for each promise.

const escaped: string[] = [];
process.on("uncaughtException", (mistake) => escaped.push(String(mistake)));
process.on("unhandledRejection", (mistake) => escaped.push(String(mistake)));

await readers();
await ports();
await serialReaders();
await promise("nothing escaped: no unheard error, no unhandled rejection", async () => {
  if (escaped.length > 0) throw new Error(escaped.join("; "));
});
process.exit(0);
