import { describe, expect, test } from "vitest";
import driver from "../../../devices/health/taidoc.ts";
import peer from "../../../devices/health/taidoc.peer.ts";
import { patience } from "../../contract/bench.ts";
import { said } from "../../contract/meter-bench.ts";
import { benchOf } from "./hid-meter.ts";

const put = benchOf("taidoc", driver, peer, { kind: "strips" });
const commands = ({ wire }: Awaited<ReturnType<typeof put>>) =>
  wire.said.filter((line) => line.startsWith("> 08 51 ")).map((line) => line.slice(8, 10));

describe("a TaiDoc meter", () => {
  test("whose memory is full gives the newest record although its count stays", async () => {
    const bench = await put();
    bench.peer.turn("full", true);
    expect(said(await bench.measure("glucose=133"))).toEqual(new Map([["glucose", "133"]]));
    await bench.end();
  });

  test("goes on waiting after a control solution", async () => {
    const bench = await put();
    const measurement = bench.begin();
    await bench.clock.pass(4000);
    bench.peer.turn("control", true);
    await bench.clock.pass(10_000);
    expect(measurement.settled()).toBe(false);
    bench.peer.turn("measure", "urate=6.4");
    expect(said(await bench.clock.finish(measurement.outcome, patience))).toEqual(new Map([["urate", "6.4"]]));
    await bench.end();
  });

  test("takes one strip at a time, and each kind in the unit that it sends", async () => {
    const bench = await put();
    const units: string[] = [];
    for (const strip of ["haematocrit=43", "ketone=1.2", "lactate=25", "haemoglobin=13.1", "triglyceride=151"]) {
      const outcome = await bench.measure(strip);
      if (outcome.ok) for (const { item, value, unit } of outcome.value) units.push(`${item}=${value} ${unit}`);
    }
    expect(units).toEqual([
      "haematocrit=43 %",
      "ketone=1.2 mmol/L",
      "lactate=25 mg/dL",
      "haemoglobin=13.1 g/dL",
      "triglyceride=151 mg/dL",
    ]);
    await bench.end();
  });

  test("sets the clock once, where it is wrong, and writes nothing else", async () => {
    const bench = await put();
    await bench.measure("glucose=101");
    await bench.measure("glucose=133");
    expect(commands(bench).filter((command) => command === "33")).toHaveLength(1);
    const known = new Set(["22", "23", "24", "25", "26", "27", "28", "2B", "33", "50"]);
    expect(commands(bench).filter((command) => !known.has(command))).toEqual([]);
    await bench.end();
  });

  test("is sent to sleep after a measurement, however it ended, and is woken by the next", async () => {
    const bench = await put();
    await bench.measure("glucose=101");
    expect(commands(bench).at(-1)).toBe("50");
    const measurement = bench.begin();
    await bench.clock.pass(6000);
    measurement.stop();
    await bench.clock.finish(measurement.outcome, 1000);
    await bench.clock.pass(3000);
    expect(commands(bench).at(-1)).toBe("50");
    await bench.end();
  });

  test("that came to no result says so, and measures the next", async () => {
    for (const [kind, sample] of [
      ["strips", "glucose=101"],
      ["pressure", "systolic=127,diastolic=76,pulse=78"],
      ["thermometer", "temperature=36.6"],
      ["scale", "weight=62.3"],
      ["body-scale", "weight=62.3"],
    ] as const) {
      const bench = await put({ kind });
      bench.peer.turn("no-result", 2);
      expect(await bench.measure(sample)).toMatchObject({ error: { kind: "refused" } });
      expect(await bench.measure(sample)).toMatchObject({ ok: true });
      await bench.end();
    }
  });

  test.each([
    ["strips", "glucose=133"],
    ["pressure", "systolic=127,diastolic=76,pulse=78"],
    ["thermometer", "temperature=36.6"],
    ["scale", "weight=62.3"],
    ["body-scale", "weight=62.3"],
  ] as const)(
    "(%s) that is another one than at the beginning ends the measurement: what lies in it is somebody else's",
    async (kind, sample) => {
      const bench = await put({ kind });
      const measurement = bench.begin();
      await bench.clock.pass(5000);
      bench.peer.turn("swap", true);
      expect(said(await bench.clock.finish(measurement.outcome, patience))).toBe("refused");
      // From the next beginning on it is the instrument.
      expect(await bench.measure(sample)).toMatchObject({ ok: true });
      await bench.end();
    },
  );

  test("that told its number and leaves the question open later gives nothing, and the measurement ends", async () => {
    const bench = await put();
    const measurement = bench.begin();
    await bench.clock.pass(5000);
    bench.peer.turn("swap", true);
    bench.peer.turn("numberless", true);
    await bench.clock.pass(120_000);
    expect(measurement.settled()).toBe(false);
    expect(said(await bench.clock.finish(measurement.outcome, patience))).toBe("silent");
    await bench.end();
  });

  test("shows a new result as soon as before, whether it tells its number or not", async () => {
    for (const numberless of [false, true]) {
      const bench = await put();
      bench.peer.turn("numberless", numberless);
      for (const value of [101, 133, 140]) {
        const measurement = bench.begin();
        await bench.clock.until(() => measurement.progress.length > 0);
        const from = bench.clock.mono();
        bench.peer.turn("measure", `glucose=${value}`);
        expect(said(await bench.clock.finish(measurement.outcome, patience))).toEqual(
          new Map([["glucose", String(value)]]),
        );
        // The strip takes 5 s, the next look comes within one, and is told in a fifth of one.
        expect(bench.clock.mono() - from).toBeLessThanOrEqual(5000 + 1200);
      }
      await bench.end();
    }
  });

  test("that does not know the question for its number is asked for it in two greetings, then begins as fast as others", async () => {
    const bench = await put();
    bench.peer.turn("numberless", true);
    const begun: number[] = [];
    for (const value of [101, 133, 140, 99]) {
      await bench.clock.pass(3000);
      const from = bench.clock.mono();
      const measurement = bench.begin();
      await bench.clock.until(() => measurement.progress.length > 0);
      begun.push(bench.clock.mono() - from);
      bench.peer.turn("measure", `glucose=${value}`);
      expect(said(await bench.clock.finish(measurement.outcome, patience))).toEqual(
        new Map([["glucose", String(value)]]),
      );
    }
    expect(commands(bench).filter((command) => command === "27" || command === "28")).toEqual(["27", "27"]);
    // One that sleeps is woken within 2 s; the open question costs 2 s more.
    expect(begun.map((time) => Math.floor(time / 2000))).toEqual([2, 2, 1, 1]);
    await bench.end();
  });

  test("no value stands in any note", async () => {
    const bench = await put();
    bench.peer.turn("garble", 2);
    await bench.measure("glucose=487");
    expect(JSON.stringify(bench.notes)).not.toContain("487");
    await bench.end();
  });
});

test("an oximeter waits for 8 s of a finger that is steady, and says that it waits", async () => {
  const bench = await put({ kind: "oximeter" });
  const measurement = bench.begin();
  await bench.clock.pass(4000);
  expect(measurement.progress).toEqual([{ is: "waiting" }]);
  const from = bench.clock.mono();
  bench.peer.turn("measure", "spo2=96,pulse=58");
  expect(said(await bench.clock.finish(measurement.outcome, patience))).toEqual(
    new Map([
      ["spo2", "96"],
      ["pulse", "58"],
    ]),
  );
  expect(bench.clock.mono() - from).toBeGreaterThanOrEqual(8000 + 3200);
  await bench.end();
});

test.each([
  [{}, "kind: expected one of strips"],
  [{ kind: "strips", strips: [] }, "strips: expected a list of glucose"],
  [{ kind: "strips", strips: ["glucose", "pulse"] }, "strips: expected a list of glucose"],
  [{ kind: "strips", strips: ["glucose", "glucose"] }, "strips: expected each strip once"],
  [{ kind: "scale", strips: ["glucose"] }, "strips: only"],
  [{ kind: "pressure", user: 5 }, "user: expected a number"],
  [{ kind: "scale", user: 1 }, "user: only"],
])("options %j are wrong: %s", (raw, says) => {
  const read = driver.options(raw);
  expect(!read.ok && read.error.join("\n")).toContain(says);
});
