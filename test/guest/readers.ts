import { chmodSync, readdirSync, readFileSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { millis } from "../../devices/kit/clock.ts";
import { machineClock } from "../../controller/world.node.ts";
import scanner from "../../devices/reader/hid-pos.peer.ts";
import { inputsOf, listenTo } from "./ear.ts";
import { asUser, attended, device, opened, plain, refusal } from "./kiosk.ts";
import type { PromiseName } from "./promises.ts";
import { hold, same, telling, until } from "./telling.ts";
import { keyboard, makersOwn, plugHid, type VirtualHid } from "./uhid.ts";

const promise = telling<PromiseName>();

const wedge = { by: "hid", match: "08ff:0009", usage: "0001:0006" } as const;
const plugWedge = (serial = "W1") =>
  plugHid({ name: "Yizhan wedge", vendor: 0x08ff, product: 0x0009, serial, descriptor: keyboard });

/** udev obeys its rules a while after a device is there. */
const ruled = (name: string) =>
  until(
    () =>
      inputsOf(name).length === 1 &&
      inputsOf(name).every((input) => (statSync(`${input}/inhibited`).mode & 0o020) !== 0) &&
      readdirSync("/dev").every((node) => !node.startsWith("hidraw") || (statSync(`/dev/${node}`).mode & 0o060) !== 0),
    "the rules are obeyed",
  );

/** Usages of the keys 0 to 9 and Enter [B1], and of the power key, which is no reader's. */
const usageOf = (digit: string) => (digit === "0" ? 0x27 : 0x1d + Number(digit));
const enter = 0x28;
const powerKey = 0x66;
const press = (at: VirtualHid, ...usages: readonly number[]) => {
  for (const usage of usages) {
    at.send(Uint8Array.of(0, 0, usage, 0, 0, 0, 0, 0));
    at.send(new Uint8Array(8));
  }
};
const type = (at: VirtualHid, digits: string) => press(at, ...Array.from(digits, usageOf), enter);

/** A HID POS scanner that is the drivers' own simulated machine behind a real device file. */
function plugScanner() {
  const options = {};
  const descriptor = scanner.descriptor?.(options);
  if (descriptor === undefined) throw new Error("the simulated scanner has no descriptor");
  const hid = plugHid({ name: "Yizhan scanner", vendor: 0x0c2e, product: 0x0b61, serial: "S1", descriptor });
  const peer = scanner.peer(options, { clock: machineClock(millis(0)), chance: () => false }, (report) =>
    hid.send(report),
  );
  return { hid, peer, scan: (text: string) => peer.turn("scan", text) };
}

/** The promises about readers on HID; each brings what it plugs in and takes it away. */
export async function readers(): Promise<void> {
  await promise("a device that is not there is told at once, in a sentence", async () => {
    const began = performance.now();
    const said = await refusal(wedge);
    hold(performance.now() - began < 1000, "it took long");
    same(said, "no-device: no HID device 08ff:0009 with usage 0001:0006 is plugged in", "sentence");
  });

  await promise("without silencing, a reader that types is heard by every program: the test can fail", async () => {
    const reader = plugWedge();
    await until(() => inputsOf("Yizhan wedge").length === 1, "the input is there");
    await sleep(300);
    const ear = listenTo("Yizhan wedge");
    type(reader, "42");
    await until(() => ear.keys.length === 3, "three keys are heard");
    same(ear.keys, [5, 3, 28], "keys");
    ear.close();
    reader.unplug();
  });

  await promise("an opened reader that types is heard by the kiosk, key by key, and by nobody else", async () => {
    const reader = plugWedge();
    await until(() => inputsOf("Yizhan wedge").length === 1, "the input is there");
    await sleep(300);
    const ear = listenTo("Yizhan wedge");
    const wire = await opened(wedge);
    for (const [i, digit] of Array.from("01234567890123456789").entries()) {
      type(reader, digit);
      await until(() => wire.heard.length === 4 * (i + 1), "the keys and their releases are heard");
    }
    press(reader, powerKey);
    await until(() => wire.heard.length === 82, "the power key is heard");
    same(wire.heard[0]?.report, "000000270000000000", "report");
    same(wire.heard.at(-2)?.report, "000000660000000000", "the power key's report");
    await sleep(300);
    same(ear.keys, [], "keys heard by others");
    ear.close();
    await wire.close();
    type(reader, "7");
    await sleep(200);
    same(readFileSync(`${inputsOf("Yizhan wedge")[0]}/inhibited`, "utf8").trim(), "1", "inhibited after closing");
    reader.unplug();
  });

  await promise("a card typed by a reader is one reading, and a power key is none", async () => {
    const reader = plugWedge();
    const kiosk = attended(await device("wedge-scanner", wedge));
    await kiosk.is("working");
    press(reader, powerKey);
    await sleep(400);
    type(reader, "4206123456");
    await until(() => kiosk.readings.length > 0, "it is read");
    await sleep(300);
    same(
      kiosk.readings.map(({ reading }) => plain(reading)),
      ["4206123456"],
      "readings",
    );
    await kiosk.stop();
    reader.unplug();
  });

  await promise("the kiosk's user may open and silence a reader, and nobody else may", async () => {
    const reader = plugWedge();
    await ruled("Yizhan wedge");
    hold((await asUser([], () => refusal(wedge))).startsWith("refused: what "), "a stranger may silence it");
    // A change of the user interrupts the reading thread, which the port takes for an unplugging: all of it inside.
    await asUser(["plugdev"], async () => {
      const wire = await opened(wedge);
      type(reader, "1");
      await until(() => wire.heard.length === 4, "it is heard");
      await wire.close();
    });
    hold((await asUser([], () => refusal(wedge))).startsWith("refused: no permission"), "a stranger may open it");
    reader.unplug();
  });

  await promise("a reader that cannot be silenced is refused rather than let leak", async () => {
    const reader = plugWedge();
    await ruled("Yizhan wedge");
    chmodSync(`${inputsOf("Yizhan wedge")[0]}/inhibited`, 0o644);
    const said = await asUser(["plugdev"], () => refusal(wedge));
    hold(said.startsWith("refused: what /dev/hidraw") && said.includes("would be typed into the screen"), said);
    reader.unplug();
  });

  await promise("a rule made from the station file silences the reader before anybody opened it", async () => {
    const reader = plugHid({ name: "Yizhan early", vendor: 0xffff, product: 0x0035, descriptor: keyboard });
    await until(() => inputsOf("Yizhan early").length === 1, "the input is there");
    await until(() => readFileSync(`${inputsOf("Yizhan early")[0]}/inhibited`, "utf8").trim() === "1", "it is silent");
    reader.unplug();
  });

  await promise("a scanner in POS mode is read whole, also codes of several reports", async () => {
    const { hid, peer, scan } = plugScanner();
    const kiosk = attended(await device("hid-pos", { by: "hid" }));
    await kiosk.is("working");
    const long = "YZ".repeat(90);
    for (const text of ["6901234567892", long]) {
      const before = kiosk.readings.length;
      scan(text);
      await until(() => kiosk.readings.length > before, "it is read");
    }
    same(
      kiosk.readings.map(({ reading }) => plain(reading)),
      ["6901234567892", long],
      "readings",
    );
    await kiosk.stop();
    peer.stop();
    hid.unplug();
  });

  await promise("unplugged in the middle of a scan nothing half is told, and the next plug is read", async () => {
    const first = plugScanner();
    const kiosk = attended(await device("hid-pos", { by: "hid" }));
    await kiosk.is("working");
    first.scan("A".repeat(300));
    await sleep(12);
    first.peer.stop();
    first.hid.unplug();
    await kiosk.is("absent");
    const whole = kiosk.readings.filter(({ reading }) => reading.is !== "unread");
    same(whole, [], "half a code");
    const second = plugScanner();
    await kiosk.is("working");
    second.scan("6901234567892");
    await until(() => kiosk.readings.some(({ reading }) => plain(reading) === "6901234567892"), "it is read");
    await kiosk.stop();
    second.peer.stop();
    second.hid.unplug();
  });

  await promise("a reader that is plugged in elsewhere is found at once, under another number", async () => {
    const placeholder = plugHid({ name: "Yizhan other", vendor: 0x1a86, product: 0xe010, descriptor: makersOwn });
    const away: number[] = [];
    const back: number[] = [];
    let reader = plugWedge();
    const kiosk = attended(await device("wedge-scanner", wedge));
    await kiosk.is("working");
    for (let round = 0; round < 3; round += 1) {
      const unplugged = performance.now();
      reader.unplug();
      away.push((await kiosk.is("absent")) - unplugged);
      // Long enough for the supervisor's waits to have grown to seconds.
      await sleep(2500);
      const plugged = performance.now();
      reader = plugWedge();
      back.push((await kiosk.is("working")) - plugged);
      type(reader, `900${round}`);
      await until(() => kiosk.readings.length === round + 1, "it is read");
    }
    await kiosk.stop();
    reader.unplug();
    placeholder.unplug();
    hold(Math.max(...back) < 5000, `back after ${Math.round(Math.max(...back))} ms`);
    hold(Math.max(...away) < 2000, `noticed after ${Math.round(Math.max(...away))} ms`);
    return { unpluggedNoticedMs: Math.round(Math.max(...away)), backMs: Math.round(Math.max(...back)) };
  });
}
