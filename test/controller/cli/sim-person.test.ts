import { expect, test } from "vitest";
import { readPeople } from "../../../controller/cli/demo-people.ts";
import { cabinHands } from "../../../controller/cli/sim-cabin-hands.ts";
import { simHands } from "../../../controller/cli/sim-hands.ts";
import { simChair } from "../../../controller/cli/sim-person.ts";
import type { AtCable } from "../../../controller/cli/sim-wire.ts";
import { simWires } from "../../../controller/cli/sim-wire.ts";
import type { CabinPage } from "../../../controller/screen/cabin-model.ts";
import type { StepId } from "../../../controller/domain/cabin/steps.ts";
import { manualClock } from "../../kit/clock.ts";

const people = readPeople();

/** An instrument that only writes down which knob was turned. */
const listening = (match: string, kind: AtCable["kind"] = "bytes"): AtCable & { readonly turned: string[] } => {
  const turned: string[] = [];
  const knobs = ["measure", "stale", "error", "paper"];
  return {
    match,
    kind,
    options: {},
    turned,
    definition: {
      knobs,
      peer: (_options, _lab, send) => ({
        knobs,
        hear: (word) => send(word),
        turn: (knob, to) => void turned.push(`${knob} ${to}`),
        truth: () => ["what it told"],
        stop() {},
      }),
    },
  };
};

function cabin() {
  const clock = manualClock();
  const pressure = listening("pressure");
  const blood = listening("blood");
  const oxygen = listening("oxygen");
  const printer = listening("printer");
  const cables = simWires([pressure, blood, oxygen, printer], clock, () => 1);
  const shown: number[] = [];
  const stage = { show: (_: unknown, revision: number) => void shown.push(revision), listen: () => ({ stop() {} }) };
  const chair = simChair(stage, cables.peers, clock);
  const hands = simHands({
    peers: cables.peers,
    props: [],
    cable: undefined,
    cabin: cabinHands(cables, chair, people),
  });
  const shows = (page: CabinPage) =>
    chair.stage.show({ language: "en", body: { is: "cabin", page, forgets: false } }, shown.length + 1);
  const measures = (step: StepId, reading = 1) =>
    shows({ is: "measuring", step, starts: true, reading, live: { is: "waiting" } });
  const leaves = () => shows({ is: "bye" });
  return { clock, cables, pressure, blood, oxygen, printer, chair, hands, shown, shows, measures, leaves };
}

test("who sits there puts the arm in a moment after the glass asks for it, once a reading", async () => {
  const { clock, hands, pressure, measures, shown } = cabin();
  hands.does("sit courier");
  measures("pressure");
  await clock.pass(1000);
  expect(pressure.turned).toEqual([]);
  measures("pressure");
  await clock.pass(1000);
  expect(pressure.turned).toEqual(["measure systolic=118,diastolic=74,pulse=66"]);
  // The cuff's pressure on the glass is another picture of the same measurement.
  measures("pressure");
  await clock.pass(60_000);
  expect(pressure.turned).toHaveLength(1);
  measures("pressure", 2);
  await clock.pass(60_000);
  expect(pressure.turned).toHaveLength(2);
  expect(shown).toEqual([1, 2, 3, 4]);
});

test("the oximeter is used for oxygen, though the cuff counts a pulse too", async () => {
  const { clock, hands, pressure, oxygen, measures } = cabin();
  hands.does("sit courier");
  measures("oxygen");
  await clock.pass(5000);
  expect([pressure.turned, oxygen.turned]).toEqual([[], ["measure spo2=98,pulse=66,perfusion=4.2"]]);
});

test("one strip is measured at a time, and of two substances in a step the other comes next", async () => {
  const { clock, hands, blood, measures, shows } = cabin();
  hands.does("sit miner");
  for (const _ of [1, 2]) {
    measures("lipids");
    await clock.pass(5000);
    shows({ is: "again", step: "lipids", why: "nothing-came" });
  }
  expect(blood.turned).toEqual(["measure cholesterol=201", "measure triglyceride=156"]);
});

test("the next visitor begins with the first strip again", async () => {
  const { clock, hands, blood, chair, measures } = cabin();
  hands.does("sit miner");
  measures("lipids");
  await clock.pass(5000);
  chair.stage.show({ language: "en", body: { is: "starting" } }, 9);
  hands.does("sit cook");
  measures("lipids");
  await clock.pass(5000);
  expect(blood.turned).toEqual(["measure cholesterol=201", "measure cholesterol=221"]);
});

test("nobody uses anything where nobody sits, and who was stopped in time does not either", async () => {
  const { clock, hands, pressure, measures, leaves } = cabin();
  hands.does("sit nobody");
  measures("pressure");
  await clock.pass(60_000);
  hands.does("sit courier");
  leaves();
  measures("pressure");
  await clock.pass(1000);
  leaves();
  await clock.pass(60_000);
  expect(pressure.turned).toEqual([]);
});

test("an unplugged instrument is lost to the kiosk, cannot be opened, and is told of when it is plugged in again", async () => {
  const { clock, cables, hands } = cabin();
  const wire = await cables.wires.open("bytes", { by: "path", match: "pressure" });
  if (!wire.ok) throw new Error(wire.error.detail);
  const heard: unknown[] = [];
  wire.value.port.listen({ heard: (bytes) => heard.push(...bytes), lost: ({ kind }) => heard.push(kind) });
  await wire.value.port.send(Uint8Array.of(5));
  await clock.pass(10);
  let news = 0;
  cables.wires.plugged?.(() => (news += 1));

  expect(hands.does("unplug pressure")).toBeUndefined();
  expect(await wire.value.port.send(Uint8Array.of(6))).toMatchObject({ error: { kind: "no-device" } });
  expect(await cables.wires.open("bytes", { by: "path", match: "pressure" })).toMatchObject({ ok: false });
  expect([heard, news]).toEqual([[5, "no-device"], 0]);

  expect(hands.does("plug pressure")).toBeUndefined();
  expect(await cables.wires.open("bytes", { by: "path", match: "pressure" })).toMatchObject({ ok: true });
  expect(news).toBe(1);
});

test("a cable carries only its own kind of words", async () => {
  const { cables } = cabin();
  expect(await cables.wires.open("gatt", { by: "ble", match: "pressure" })).toMatchObject({ ok: false });
});

test("troubles are the same words in the drawer and at the terminal, and a wrong one says which there are", () => {
  const { hands, pressure, blood } = cabin();
  const items = hands.drawer.sections.flatMap((section) => section.items.map(({ id }) => id));
  expect(items).toEqual(expect.arrayContaining(["sit miner", "sit nobody", "unplug pressure", "error pressure"]));
  expect([hands.drawer.play("error pressure"), hands.drawer.play("stale blood")]).toEqual([true, true]);
  expect(pressure.turned).toEqual(["error 5"]);
  expect(blood.turned).toEqual(["stale true"]);
  expect(hands.drawer.play("jam 1")).toBe(false);
  expect(hands.does("sit mayor")).toMatch(/There are: cook, courier, .*nobody/);
  expect(hands.does("unplug kettle")).toMatch(/There are: pressure, oxygen/);
});

test("the paper is torn off at the terminal, ends, and is filled", () => {
  const { hands, printer } = cabin();
  expect([hands.does("paper"), hands.does("paper")]).toEqual(["what it told", "Nothing was printed since."]);
  expect([hands.drawer.play("paper out"), hands.drawer.play("paper full")]).toEqual([true, true]);
  expect(printer.turned).toEqual(["paper 0", "paper full"]);
  expect(hands.does("paper half")).toMatch(/paper out/);
});
