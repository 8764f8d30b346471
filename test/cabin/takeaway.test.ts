import { afterEach, beforeAll, expect, test } from "vitest";
import { pressureOf } from "./led.ts";
import { Room } from "./room.ts";

// The whole kiosk: what a person takes home goes to the printer, to the recipient, to the pass, and nowhere else.

const key = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
const clinic = { name: { zh: "诊所", en: "Clinic" }, key };

/** What is loaded when it is asked for comes from the disk, for which a simulated clock does not wait. */
beforeAll(async () => {
  await Promise.all([
    import("../../controller/takeaway/slip.ts"),
    import("../../controller/takeaway/sealing.ts"),
    import("../../controller/store/passes.ts"),
    import("../../devices/printer/escpos-encode.ts"),
  ]);
});

let room: Room | undefined;
afterEach(async () => {
  await room?.close();
  room = undefined;
});

/** Somebody whose blood pressure is known, and who looks at the results. */
async function measured(systolic: number, cabin: object): Promise<Room> {
  const here = (room = await Room.open(
    [
      { id: "cuff", profile: "aandd-tm2657" },
      { id: "roll", profile: "escpos-58" },
    ],
    cabin,
  ));
  here.turn("roll", "line-time", 1);
  here.sit();
  await pressureOf(here, systolic);
  here.press("next");
  await here.untilPage("results");
  return here;
}

const results = ({ page }: Room) => (page?.is === "results" ? page : undefined);

test("a slip has what the glass told, once, and the kiosk keeps nothing of it", async () => {
  const here = await measured(167, {});
  expect(results(here)?.print).toBe("ready");
  here.press("print");
  await here.settled(() => results(here)?.print === "printed");
  const paper = here.peers.get("/roll")?.truth().join("\n") ?? "";
  expect(paper.match(/\b168\b/g)).not.toBeNull();
  expect(here.everything()).not.toMatch(/\b168\b/);
});

test("without paper the person is told so, and after a new roll it prints", async () => {
  const here = await measured(167, {});
  here.turn("roll", "paper", 0);
  here.press("print");
  await here.settled(() => results(here)?.print === "no-paper");
  here.turn("roll", "paper", "full");
  here.press("print");
  await here.settled(() => results(here)?.print === "printed");
});

test("a printer that is not there prints nothing, and the results stay on the glass", async () => {
  const here = await measured(167, {});
  here.wire("roll").unplug();
  here.press("print");
  await here.until(() => results(here)?.print === "failed" || results(here)?.print === undefined);
  expect(results(here)?.results.figures.length).toBeGreaterThan(0);
});

test("results are sealed only after the second consent, and no value of them stands in the ledger", async () => {
  const here = await measured(167, { recipient: clinic });
  const letters = () => here.card.entries.filter(({ entry }) => entry.kind === "handed-over");
  here.press("send");
  await here.untilPage("send");
  await here.clock.pass(5000);
  expect(letters()).toEqual([]);
  here.press("agree");
  await here.settled(() => results(here)?.send === "kept");
  expect(letters()).toHaveLength(1);
  expect(here.everything()).not.toMatch(/\b168\b/);
});

test("a recipient's key that is none seals nothing, and the technician is told without a value", async () => {
  // A point of small order [RFC 7748, 6.1]: whatever is agreed on with it is nought.
  const here = await measured(167, { recipient: { ...clinic, key: `01${"0".repeat(62)}` } });
  here.press("send", "agree");
  await here.settled(() => results(here)?.send === "failed");
  expect(here.card.entries.filter(({ entry }) => entry?.kind === "handed-over")).toEqual([]);
  expect(here.log.find((line) => line.startsWith("letter.not-sealed"))).toContain("misconfigured");
  expect(here.everything()).not.toMatch(/\b168\b/);
});

test("a card that takes no letter says so, and the letter can be tried again", async () => {
  const here = await measured(167, { recipient: clinic });
  here.card.full = true;
  here.press("send", "agree");
  await here.settled(() => results(here)?.send === "failed");
  here.card.full = false;
  here.press("send", "agree");
  await here.settled(() => results(here)?.send === "kept");
});

test("a pass is made, ticked by what was measured, and found again by its code after another start", async () => {
  const here = await measured(124, { pass: true });
  here.press("pass", "new-pass");
  await here.settled(() => here.page?.is === "pass");
  const { page } = here;
  if (page?.is !== "pass") throw new Error("expected the pass");
  expect(page.pass.ticked).toBeGreaterThan(0);
  const code = page.pass.code.replaceAll(/\D/g, "");
  expect(code).toHaveLength(12);
  expect(here.everything()).not.toContain(code);
  here.press("end", "end");
  here.sit();
  await pressureOf(here, 118);
  here.press("next");
  await here.untilPage("results");
  here.press("pass", ...Array.from(code), "next");
  await here.settled(() => here.page?.is === "pass");
  expect(here.page).toMatchObject({ is: "pass", pass: { ticked: page.pass.ticked } });
});

test("a kiosk that is stopped hides somebody's results at once, however long the card takes", async () => {
  const here = await measured(124, {});
  const shown = (): boolean => JSON.stringify(here.screen).includes('"systolic"');
  expect(shown()).toBe(true);
  here.card.latency = 20_000;
  let stopped = false;
  const stopping = here.kiosk.stop("the test wants it").then(() => (stopped = true));
  await here.clock.pass(100);
  expect([shown(), stopped]).toEqual([false, false]);
  await here.clock.finish(stopping, 60_000);
});

test("what was counted outlives the kiosk: people and items, and how instruments did", async () => {
  const here = await measured(124, {});
  here.press("end");
  await here.until(() => here.card.kept.has("cabin-counts"));
  await here.reboot();
  expect(here.kiosk.state().counts).toMatchObject({ people: 1, tests: { cuff: { ok: 1, fail: 0 } } });
});
