import { expect, test } from "vitest";
import { openCursor } from "../../controller/link/cursor.ts";
import { minutes } from "../../devices/kit/clock.ts";
import { ok } from "../../devices/kit/result.ts";
import { manualClock } from "../kit/clock.ts";

function cursor() {
  const clock = manualClock();
  const kept: Uint8Array[] = [];
  const keep = {
    get: () => kept.at(-1),
    put: async (_: string, value: Uint8Array) => {
      kept.push(value);
      return ok(undefined);
    },
  };
  return { clock, kept, opened: openCursor(keep, clock, { fail() {} }) };
}

test("a cursor is written once a minute at most, and when it is closed", async () => {
  const { clock, kept, opened } = cursor();
  opened.move({ life: 1, seq: 1 });
  await clock.pass(1);
  for (let seq = 2; seq <= 50; seq++) {
    opened.move({ life: 1, seq });
    await clock.pass(1000);
  }
  expect(kept).toHaveLength(1);
  await clock.pass(minutes(1));
  expect(kept).toHaveLength(2);
  opened.move({ life: 1, seq: 99 });
  await opened.close();
  expect(kept).toHaveLength(3);
});

test("an acknowledgement that is looked at while the kiosk stops writes nothing after the end", async () => {
  const { clock, kept, opened } = cursor();
  await opened.close();
  opened.move({ life: 1, seq: 5 });
  await clock.pass(minutes(2));
  expect(opened.at()).toEqual({ life: 1, seq: 5 });
  expect(kept).toEqual([]);
});
