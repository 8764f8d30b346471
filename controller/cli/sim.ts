import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../devices/kit/clock.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { release } from "../release.ts";
import { openKioskKey, publicKioskKey } from "../store/kiosk-key.ts";
import type { Disk, World } from "../world.ts";
import { machineClock } from "../world.node.ts";
import { withBroker } from "./broker-option.ts";
import { demoStation, type Demo } from "./demo.ts";
import { sitsFirst } from "./demo-cabin.ts";
import { given, openData, openGlass, orderToStop, startOn, type Asked } from "./running.ts";
import { readPeople, type SimPerson } from "./demo-people.ts";
import { cabinHands, cabinInvitation } from "./sim-cabin-hands.ts";
import { simCable } from "./sim-cable.ts";
import { freePort, tellArrivals, type DemoCentre } from "./sim-centre.ts";
import { listenAtTheTerminal, simHands } from "./sim-hands.ts";
import { simChair } from "./sim-person.ts";
import { simWires } from "./sim-wire.ts";

export interface SimOptions {
  readonly port: number;
  readonly seed?: number;
  readonly fast: boolean;
  /** A broker in place of the centre in this process. */
  readonly broker?: string;
  /** Begins with the network cable out. */
  readonly offline: boolean;
  /** A health cabin stands beside the cabinet. */
  readonly cabin: boolean;
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
  const demo = await demoStation({
    today: dayOf(clock.wall().utc),
    seed: options.seed,
    kiosk: publicKioskKey(kioskKey.value),
    dir,
    cabin: options.cabin,
  });
  const cables = simWires(demo.atCables, clock, Math.random);
  const { wires, peers } = cables;
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
  const people = options.cabin ? readPeople() : [];
  const chair = simChair(screen.value.stage, peers, clock);
  chair.sits(people.find(({ id }) => id === sitsFirst));
  const running = await startOn(asked, { ...screen.value, stage: chair.stage }, data.value);
  if (!running.ok) return complain(running.error.says);
  console.log(invitation(screen.value.url, demo, options.broker, people));
  const cabin = options.cabin ? cabinHands(cables, chair, people) : undefined;
  const hands = simHands({ peers, props: demo.props, cable, cabin });
  screen.value.fillDrawer(hands.drawer);
  const lines = listenAtTheTerminal(hands, order);
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

const invitation = (
  url: string,
  { samples, props }: Demo,
  broker: string | undefined,
  people: readonly SimPerson[],
): string => `
Yizhan, simulated. The worker's screen: ${url}
${broker === undefined ? "A centre runs beside it; what arrives in its database is told here." : `It reports to ${broker}.`}

Codes of today to try:
${samples.map(({ code, shows }) => `  ${code}   ${shows}`).join("\n")}

Cards and codes, here or in the drawer at the right edge of the screen:
${props.map(({ how, id, name, shows }) => `  ${`${how} ${id}`.padEnd(14)} ${name.en}: ${shows}`).join("\n")}
${people.length > 0 ? cabinInvitation(people) : "\nWith --cabin a health cabin stands beside the cabinet: npm start -- --cabin\n"}
The cabinet listens here too. Try:
  jam 1        the motor of slot 1 does not turn        mend           all slots work again
  no-drop 1    the motor turns and nothing falls        curtain clear  the drop curtain sees again
  curtain dead the drop curtain cannot see
  offline      the network cable is out                 online         it is in again: see what was kept arrive
  quit
`;

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
