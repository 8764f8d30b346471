import { afterEach, beforeEach, expect, test } from "vitest";
import { endStreets } from "../real/street.ts";
import { disagreements, told } from "./agreement.ts";
import type { Centre } from "./centre.ts";
import { Installation } from "./installation.ts";
import { vend } from "./worker.ts";

let place: Installation;
let second: Centre;
beforeEach(async () => {
  place = await Installation.start();
  second = await place.another("centre-2");
});
afterEach(async () => {
  await second.end();
  await place.end();
  await endStreets();
});

// A broker may go on giving a dead centre its share for a while. The gap is seen by the other, which asks again.

test("of two centres one is dead for good, and the other gets everything", { timeout: 600_000 }, async () => {
  const kiosk = await place.boot();
  await vend(place.street, kiosk, 1);
  await place.centre.kill();
  for (let n = 0; n < 3; n += 1) {
    await vend(place.street, kiosk, 2);
    const began = performance.now();
    await told(place);
    console.log(`with one centre dead: everything stored after ${Math.round(performance.now() - began)} ms`);
    expect([...(await disagreements(place)), ...second.falls]).toEqual([]);
  }
});
