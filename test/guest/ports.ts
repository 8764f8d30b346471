import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { opened, refusal } from "./kiosk.ts";
import type { PromiseName } from "./promises.ts";
import { hold, same, share, telling, until } from "./telling.ts";
import { makersOwn, plugHid } from "./uhid.ts";

const promise = telling<PromiseName>();

/** A maker's own kind of reader: reports both ways, and what the port promises of itself. */
export async function ports(): Promise<void> {
  const wiring = { by: "hid", match: "1a86:e010" } as const;
  const plugOwn = (serial: string) =>
    plugHid({
      name: `Yizhan own ${serial}`,
      vendor: 0x1a86,
      product: 0xe010,
      serial,
      descriptor: makersOwn,
      feature: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8),
    });

  await promise("reports go both ways with their number in front, and feature reports too", async () => {
    const reader = plugOwn("V1");
    await sleep(500);
    const wire = await opened(wiring);
    same(Array.from(wire.port.descriptor), Array.from(makersOwn), "descriptor");
    const sent = Uint8Array.from({ length: 65 }, (_, i) => (i === 0 ? 0 : i));
    same(await wire.port.send(sent), { ok: true }, "sending");
    await until(() => reader.took.length === 1, "the report is taken");
    same(Array.from(reader.took[0] ?? []), Array.from(sent), "what was taken");
    const asked = await wire.port.askFeature(0, 9);
    hold(asked.ok, "the feature report is answered");
    same(Array.from(asked.value), [0, 1, 2, 3, 4, 5, 6, 7, 8], "the feature report");
    same(await wire.port.feature(Uint8Array.of(0, 8, 7, 6, 5, 4, 3, 2, 1)), { ok: true }, "setting");
    await until(() => reader.took.length === 2, "the feature report is taken");
    same(await refusal(wiring).then((said) => said.slice(0, 5)), "busy:", "a second opening");
    reader.unplug();
    await until(() => wire.lost.length > 0, "it is lost");
    same(wire.lost, ["no-device"], "told once");
    same(await wire.port.send(sent).then((result) => result.ok || result.error.kind), "no-device", "sending after it");
    same(await wire.port.askFeature(0, 9).then((result) => result.ok || result.error.kind), "no-device", "asking");
    await wire.close();
  });

  await promise("two that are alike are told apart by their serial numbers, and named where they are not", async () => {
    const two = [plugOwn("V1"), plugOwn("V2")] as const;
    await sleep(500);
    const said = await refusal(wiring);
    hold(/^misconfigured: 2 HID devices fit: .*Yizhan own V1.*Yizhan own V2.*"1a86:e010:V[12]"/.test(said), said);
    const second = await opened({ ...wiring, match: "1a86:e010:V2" });
    two[1].send(new Uint8Array(64).fill(9));
    await until(() => second.heard.length === 1, "the second is heard");
    await second.close();
    for (const one of two) one.unplug();
  });

  await promise("a report is with the driver within milliseconds", async () => {
    const reader = plugOwn("V1");
    await sleep(500);
    const wire = await opened(wiring);
    const took: number[] = [];
    for (let i = 0; i < 200; i += 1) {
      const sent = performance.now();
      reader.send(new Uint8Array(64).fill(i));
      await until(() => wire.heard.length === i + 1, "a report is heard", 5000);
      took.push((wire.heard[i]?.at ?? 0) - sent);
    }
    reader.unplug();
    await wire.close();
    hold(share(took, 0.5) < 50, `the median is ${share(took, 0.5)} ms`);
    return { reportMedianMs: share(took, 0.5), reportP95Ms: share(took, 0.95) };
  });

  await promise("two readers that wait cost next to nothing", async () => {
    const two = [plugOwn("V1"), plugOwn("V2")];
    await sleep(500);
    const wires = [
      await opened({ ...wiring, match: "1a86:e010:V1" }),
      await opened({ ...wiring, match: "1a86:e010:V2" }),
    ];
    const [before, began] = [threadsMs(), performance.now()];
    await sleep(4000);
    const percent = (100 * (threadsMs() - before)) / (performance.now() - began);
    for (const wire of wires) await wire.close();
    for (const one of two) one.unplug();
    // Emulated instructions count many times over.
    hold(percent < 10, `${percent.toFixed(1)} % of a processor`);
    return { idlePercentOfAnEmulatedProcessor: Math.round(percent * 100) / 100 };
  });
}

/** Processor time of all threads of this process but the first, which plays the devices here [proc, schedstat]. */
const threadsMs = (): number =>
  readdirSync("/proc/self/task")
    .filter((thread) => Number(thread) !== process.pid)
    .map((thread) => Number(readFileSync(`/proc/self/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6)
    .reduce((sum, ms) => sum + ms, 0);
