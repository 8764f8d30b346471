import { expect, test } from "vitest";
import { foldLedger, writeCheckpoint } from "../../controller/store/checkpoint.ts";
import type { Disk } from "../../controller/world.ts";
import { booksOf, noon, written } from "../controller/domain/on-paper.ts";
import { memory } from "./issuing.ts";
import { millis } from "../../devices/kit/clock.ts";
import type { Entry } from "../../controller/domain/entry.ts";
import type { Order } from "../../protocol/commands/order.ts";

const ordered = (id: string, order: Order): Entry => ({ kind: "command", id, kid: "r1", order, until: millis(noon) });

test("what the centre ordered is true after a start from a checkpoint as it was before", async () => {
  const books = booksOf(
    written([
      ordered("command-of-the-lock", { op: "lock", why: "wasps" }),
      { kind: "command-ended", id: "command-of-the-lock", ended: "done" },
      ordered("command-of-the-slot", { op: "slot", device: "vend", slot: "1", on: false }),
      ordered("command-of-the-vend", { op: "vend", product: "water", why: "test" }),
    ]),
  );
  const disk = {
    keep: memory().keep,
    hashAt: async () => "00",
    read: async function* () {},
  } as unknown as Disk;
  await writeCheckpoint(disk, books);
  const { books: read, believed } = await foldLedger(disk);
  expect(believed).toBe(true);
  expect(read).toEqual(books);
  expect(read.off.has("vend/1")).toBe(true);
  expect(read.locked).toEqual({ seq: 1, why: "wasps" });
});
