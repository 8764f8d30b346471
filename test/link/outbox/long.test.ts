import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { openOutbox } from "../../../controller/link/events.ts";
import type { Session } from "../../../controller/link/uplink.ts";
import type { Mark } from "../../../controller/domain/entry.ts";
import type { Disk, Outgoing } from "../../../controller/world.ts";
import { millis } from "../../../devices/kit/clock.ts";
import { fault } from "../../../devices/kit/fault.ts";
import { err, ok } from "../../../devices/kit/result.ts";
import { writeAck } from "../../../protocol/events/ack.ts";
import { manualClock } from "../../kit/clock.ts";

const life = 1_780_000_000;
const hashOf = (seq: number): string => seq.toString(16).padStart(64, "0");

/** A ledger of so many entries that stand nowhere: each is made when it is read. */
function endless(entries: number) {
  const seen = { most: 0 };
  const item = (seq: number): Outgoing => ({
    life,
    seq,
    at: millis(seq),
    text: `{"data":{"delivery":"delivered","frees":false,"of":${seq},"started":true,"why":"drop-sensor"},"seq":${seq},"t":1784088000000,"trusted":true,"type":"outcome"}`,
    before: hashOf(seq - 1),
    hash: hashOf(seq),
  });
  const no = err(fault("refused", "read only"));
  const disk: Disk = {
    async *read() {},
    async outgoing(after: Mark | undefined, limit: number) {
      const first = after === undefined || after.life < life ? 1 : after.seq + 1;
      const count = Math.max(0, Math.min(limit, entries - first + 1));
      seen.most = Math.max(seen.most, count);
      return ok(Array.from({ length: count }, (_, n) => item(first + n)));
    },
    newLife: async () => no,
    append: async () => no,
    keep: { get: () => undefined, put: async () => ok(undefined) },
    hashAt: async () => undefined,
    close: async () => {},
  };
  return { disk, seen };
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes in use once everything that can be let go of is. */
function inUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test(
  "a backlog of a million entries is sent in pages: what the kiosk holds of it does not grow",
  { timeout: 120_000 },
  async () => {
    const entries = 1_000_000;
    const clock = manualClock();
    const { disk, seen } = endless(entries);
    const outbox = openOutbox({
      disk,
      clock,
      log: { note() {}, fail() {} },
      mode: "central",
      topic: "up/ev",
      disagreed() {},
    });
    await clock.pass(1);
    expect(outbox.depth().count).toBe(entries);
    let sent = 0;
    const session: Session = {
      limits: { version: 5, receiveMaximum: 20, maximumPacketSize: 268_435_460 },
      async publish({ payload }) {
        // Only the head is looked at: the centre is not what is tried here.
        const from = Number(/"from":(\d+)/.exec(Buffer.from(payload.subarray(0, 80)).toString())?.[1]);
        expect(from).toBe(sent + 1);
        sent += Buffer.from(payload).toString("latin1").split('"type":').length - 1;
        clock.after(millis(5), "an acknowledgement", () =>
          outbox.heard(writeAck({ life, upTo: sent, hash: hashOf(sent) })),
        );
        return ok(undefined);
      },
      subscribe: async () => ok(undefined),
      listen: () => ({ stop() {} }),
      end: async () => {},
    };
    outbox.begin(session);
    await clock.until(() => sent > 50_000);
    const before = inUse();
    let most = 0;
    for (let goal = 100_000; goal < entries; goal += 100_000) {
      await clock.until(() => sent > goal);
      most = Math.max(most, inUse());
    }
    await clock.until(() => outbox.depth().count === 0);
    expect(outbox.depth().count).toBe(0);
    expect(seen.most).toBeLessThanOrEqual(250);
    expect(most - before).toBeLessThan(2 * 1024 * 1024);
    await outbox.stop();
  },
);
