import { setTimeout as sleep } from "node:timers/promises";
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

test(
  "of two centres that share a subscription either is killed while a worker is served: nothing is lost, nothing twice",
  { timeout: 300_000 },
  async () => {
    const kiosk = await place.boot();
    await vend(place.street, kiosk, 1);
    for (const killed of [place.centre, second, place.centre]) {
      const serving = vend(place.street, kiosk, 2);
      // While its entries are on their way.
      await sleep(1000);
      await killed.kill();
      await serving;
      killed.run();
      await told(place);
      expect([...(await disagreements(place)), ...second.falls]).toEqual([]);
    }
  },
);
