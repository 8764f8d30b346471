import { randomBytes } from "node:crypto";
import { fstatSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Clock } from "../../devices/kit/clock.ts";
import type { Peer } from "../../devices/kit/driver.ts";
import xyPeer from "../../devices/vending/xy.peer.ts";
import type { XyOptions } from "../../devices/vending/xy-options.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { release } from "../release.ts";
import { openKioskKey, publicKioskKey } from "../store/kiosk-key.ts";
import type { Disk, World } from "../world.ts";
import { machineClock } from "../world.node.ts";
import { demoStation, type Demo } from "./demo.ts";
import { given, openData, openGlass, orderToStop, startOn, type Asked } from "./running.ts";
import { simWire } from "./sim-wire.ts";

/** `yizhan sim`: the whole kiosk with simulated hardware. Its ledger is a true one, in a folder that goes with it. */
export async function sim(options: { port: number; seed?: number; fast: boolean }): Promise<number> {
  const order = orderToStop();
  // Whoever read the codes from here may have gone; the screen is served all the same.
  process.stdout.on("error", () => {});
  const real = machineClock(release.releasedAt);
  // A laptop's clock is believed here: whoever tries the demo has no time server to ask.
  const clock: Clock = { ...real, wall: () => ({ utc: real.wall().utc, trusted: true }) };
  const dir = mkdtempSync(join(tmpdir(), "yizhan-sim-"));
  process.on("exit", () => rmSync(dir, { recursive: true, force: true }));
  const kioskKey = openKioskKey(dir, { bytes: (n) => randomBytes(n) });
  if (!kioskKey.ok) return complain(kioskKey.error);
  const demo = await demoStation(dayOf(clock.wall().utc), options.seed, publicKioskKey(kioskKey.value));
  const xyOptions = demo.loaded.devices[0]?.options as XyOptions;
  const { wires, peer } = simWire(xyPeer, xyOptions, clock, Math.random);
  if (options.fast) peer.turn("fast", true);

  const asked: Asked = {
    loaded: demo.loaded,
    dir,
    port: options.port,
    clock,
    log: quiet,
    simulated: true,
    serving: async () => {},
    alive() {},
    wires,
  };
  const screen = await openGlass(asked);
  if (!screen.ok) return complain(screen.error.detail);
  const data = await openData(asked);
  if (!data.ok) return complain(data.error.says);
  await markUsed(data.value.disk, demo);
  const running = await startOn(asked, screen.value, data.value);
  if (!running.ok) return complain(running.error.says);
  console.log(invitation(screen.value.url, demo));
  const lines = listenToTheTechnician(peer, order);
  const why = await given(order.signal);
  lines.close();
  // A pipe that is no longer read would keep the process alive.
  process.stdin.destroy();
  await running.value.stop(why);
  peer.stop();
  return 0;
}

/** One of the samples was used this morning: the ledger says so as it always does. */
async function markUsed(disk: Disk, { used, loaded }: Demo): Promise<void> {
  const place = loaded.station.slots[0];
  if (place === undefined) return;
  const { device, slot, product } = place;
  const attempt = await disk.append({
    kind: "attempt",
    credential: { kind: "derived", ...used },
    device,
    slot,
    product,
    until: Number.MAX_SAFE_INTEGER,
  });
  if (!attempt.ok) return;
  await disk.append({
    kind: "outcome",
    of: attempt.value.seq,
    delivery: "delivered",
    started: true,
    why: "drop-sensor",
    frees: false,
  });
}

const invitation = (url: string, { samples }: Demo): string => `
Yizhan, simulated. The worker's screen: ${url}

Codes of today to try:
${samples.map(({ code, shows }) => `  ${code}   ${shows}`).join("\n")}

The cabinet listens here too. Try:
  jam 1        the motor of slot 1 does not turn        mend           all slots work again
  no-drop 1    the motor turns and nothing falls        curtain clear  the drop curtain sees again
  curtain dead the drop curtain cannot see
  quit
`;

const knobs: Readonly<Record<string, (peer: Peer<Uint8Array>, to: string) => void>> = {
  jam: (peer, slot) => peer.turn("jam", slot),
  "no-drop": (peer, slot) => peer.turn("no-drop", slot),
  mend: (peer, slot) => peer.turn("mend", slot || "*"),
  curtain: (peer, how) => peer.turn("curtain", how),
};

/** Lines typed at the terminal turn the cabinet's knobs. "quit" and the end of the typing end it all; where nobody can type, it goes on. */
function listenToTheTechnician(peer: Peer<Uint8Array>, order: AbortController): Interface {
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    const [word = "", to = ""] = line.trim().split(/\s+/);
    if (word === "quit") return order.abort("quit");
    if (word === "") return;
    const knob = knobs[word];
    if (knob === undefined) return console.log(`No such knob. There are: ${Object.keys(knobs).join(", ")}, quit.`);
    knob(peer, to);
    console.log(`${word} ${to}: done.`);
  });
  if (someoneMayType()) lines.on("close", () => order.abort("nobody types any more"));
  return lines;
}

/** At a terminal or through a pipe; not at /dev/null, which a service has. */
function someoneMayType(): boolean {
  const input = fstatSync(process.stdin.fd);
  return process.stdin.isTTY || input.isFIFO() || input.isSocket();
}

/** The terminal is for the technician's knobs; what happens is on the screen and in the ledger. */
const quiet: World["log"] = {
  note() {},
  fail: (event, { detail }) => console.log(`${event}: ${detail}`),
  newest: () => [],
};

function complain(sentence: string): number {
  console.error(sentence);
  return 1;
}
