import { randomBytes } from "node:crypto";
import { fstatSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Clock } from "../../devices/kit/clock.ts";
import type { Peer } from "../../devices/kit/driver.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { release } from "../release.ts";
import { openKioskKey, publicKioskKey } from "../store/kiosk-key.ts";
import type { Disk, World } from "../world.ts";
import { machineClock } from "../world.node.ts";
import { withBroker } from "./broker-option.ts";
import { demoStation, type Demo } from "./demo.ts";
import { given, openData, openGlass, orderToStop, startOn, type Asked } from "./running.ts";
import { simCable } from "./sim-cable.ts";
import { freePort, tellArrivals, type DemoCentre } from "./sim-centre.ts";
import { simWires, type SimWires } from "./sim-wire.ts";

export interface SimOptions {
  readonly port: number;
  readonly seed?: number;
  readonly fast: boolean;
  /** A broker in place of the centre in this process. */
  readonly broker?: string;
  /** Begins with the network cable out. */
  readonly offline: boolean;
}

/**
 * `yizhan sim`: the whole kiosk with simulated hardware, and a centre with a broker and a database of its own. Their
 * books are true ones, in a folder that goes with them.
 */
export async function sim(options: SimOptions, centre: DemoCentre): Promise<number> {
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
  const { wires, peers } = simWires(demo.atCables, clock, Math.random);
  const cabinet = peers.get("vend");
  if (options.fast) cabinet?.turn("fast", true);

  const port = await freePort();
  const broker = options.broker ?? `mqtt://127.0.0.1:${port}`;
  let cable: ReturnType<typeof simCable> | undefined;
  const asked: Asked = {
    loaded: withBroker(demo.loaded, broker),
    dir,
    port: options.port,
    clock,
    log: quiet,
    simulated: true,
    serving: async () => {},
    alive() {},
    wires,
    // Plugged in when there is somebody at its other end.
    uplink: (own) => (cable = simCable(own)).uplink,
  };
  const screen = await openGlass(asked);
  if (!screen.ok) return complain(screen.error.detail);
  const data = await openData(asked);
  if (!data.ok) return complain(data.error.says);
  await markUsed(data.value.disk, demo);
  const running = await startOn(asked, screen.value, data.value);
  if (!running.ok) return complain(running.error.says);
  console.log(invitation(screen.value.url, demo, options.broker));
  const lines = listenToTheTechnician(peers, order, cable);
  let beside: { stop(): Promise<void> } | undefined;
  const starting = async (): Promise<void> => {
    if (options.broker === undefined) {
      const started = await centre.start({
        folder: join(dir, "centre"),
        port,
        acceptAll: true,
        arrived: tellArrivals((line) => console.log(line)),
      });
      if (!started.ok) return console.log(`The centre did not start: ${started.error.join(" ")}`);
      beside = started.value;
    }
    if (!options.offline) cable?.plug();
  };
  // Its database takes seconds to be made; the worker's screen is there before.
  void starting();
  const why = await given(order.signal);
  lines.close();
  // A pipe that is no longer read would keep the process alive.
  process.stdin.destroy();
  await running.value.stop(why);
  for (const peer of peers.values()) peer.stop();
  // A centre that is still being started has nothing to lose, and all of it goes with its folder.
  if (options.broker === undefined && beside === undefined) process.exit(0);
  await beside?.stop();
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

const invitation = (url: string, { samples }: Demo, broker: string | undefined): string => `
Yizhan, simulated. The worker's screen: ${url}
${broker === undefined ? "A centre runs beside it; what arrives in its database is told here." : `It reports to ${broker}.`}

Codes of today to try:
${samples.map(({ code, shows }) => `  ${code}   ${shows}`).join("\n")}

The cabinet listens here too. Try:
  jam 1        the motor of slot 1 does not turn        mend           all slots work again
  no-drop 1    the motor turns and nothing falls        curtain clear  the drop curtain sees again
  curtain dead the drop curtain cannot see
  offline      the network cable is out                 online         it is in again: see what was kept arrive
  quit
`;

const knobs: Readonly<Record<string, (peer: Peer<Uint8Array>, to: string) => void>> = {
  jam: (peer, slot) => peer.turn("jam", slot),
  "no-drop": (peer, slot) => peer.turn("no-drop", slot),
  mend: (peer, slot) => peer.turn("mend", slot || "*"),
  curtain: (peer, how) => peer.turn("curtain", how),
};

/** Lines typed at the terminal turn the cabinet's knobs. "quit" and the end of the typing end it all; where nobody can type, it goes on. */
function listenToTheTechnician(
  peers: SimWires["peers"],
  order: AbortController,
  cable: ReturnType<typeof simCable> | undefined,
): Interface {
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    const [word = "", to = ""] = line.trim().split(/\s+/);
    if (word === "quit") return order.abort("quit");
    if (word === "") return;
    const knob = knobs[word];
    const cabinet = peers.get("vend");
    if (word === "offline") cable?.pull();
    else if (word === "online") cable?.plug();
    else if (knob && cabinet) knob(cabinet, to);
    else return console.log(`No such knob. There are: ${Object.keys(knobs).join(", ")}, offline, online, quit.`);
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
  note(event) {
    if (event === "link.up") console.log("  link: connected");
  },
  fail(event, { detail }) {
    if (event === "link.down") console.log("  link: cut");
    else if (event !== "link.refused") console.log(`${event}: ${detail}`);
  },
  newest: () => [],
};

function complain(sentence: string): number {
  console.error(sentence);
  return 1;
}
