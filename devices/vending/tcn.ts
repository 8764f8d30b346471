import { seconds, type Clock, type Millis, type Timer } from "../kit/clock.ts";
import type { Device, DriverDefinition, Identity } from "../kit/driver.ts";
import { openLine, type Line } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import type { Listening } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Curtain, Delivery, Vending } from "./capability.ts";
import { readOptions, type TcnOptions } from "./tcn-options.ts";
import {
  celsius,
  command,
  dialect,
  faultsIn,
  head,
  light,
  outcome,
  patience,
  type Answer,
  type Question,
} from "./tcn-wire.ts";

// The TCN (中吉) drive board [S-TCN]. It does what it is told and remembers nothing,
// and its answers say neither which slot nor which command they mean.

/** The board never speaks unasked. A door is opened to be filled or robbed: seconds are soon enough. */
const doorLook = seconds(5);

/** A board that answered so lately lives: it is not asked again, for a worker may want the line just then. */
const freshLife = seconds(9);

type Ask = (command: number, parameter: number) => Promise<Result<Answer>>;

const no = (what: string, { r3 }: Answer) =>
  err(fault("refused", `${what}: the board answered no${r3 === 0 ? "" : `, ${faultsIn(r3)}`}`));

async function temperatures(ask: Ask): Promise<Result<readonly Result<number>[]>> {
  const told = await ask(command.temperature, light.unchecked);
  if (!told.ok) return told;
  if (told.value.head === head.no) return no("temperature", told.value);
  return ok([celsius(told.value.r3), celsius(told.value.r4)]);
}

async function doorOpen(ask: Ask): Promise<Result<boolean>> {
  const told = await ask(command.door, light.unchecked);
  if (!told.ok) return told;
  return told.value.head === head.no ? no("door", told.value) : ok(told.value.r3 === 1);
}

async function version(ask: Ask): Promise<Result<string>> {
  const told = await ask(command.version, 0);
  return told.ok ? ok(String.fromCodePoint(told.value.head, told.value.r3, told.value.r4)) : told;
}

/** [E8] says whether something lies in the light, the self-test whether there is light at all. */
async function curtain(ask: Ask): Promise<Result<Curtain>> {
  const free = await ask(command.curtain, 0);
  if (!free.ok) return free;
  const test = await ask(command.selfTest, light.checked);
  if (!test.ok) return test;
  const digit = test.value.r3 & 0x0f;
  if (free.value.head === head.yes) return ok(digit === 0 ? "clear" : "dead");
  // A good in the beam and a beam that never arrives look alike (2); no emission (1) and always on (3) do not.
  return ok(digit === 0 || digit === 2 ? "blocked" : "dead");
}

async function look(ask: Ask, { lightCheck }: TcnOptions, line: Line<Question, Answer>) {
  const firmware = await version(ask);
  if (!firmware.ok) return firmware;
  const parts = await ask(command.selfTest, lightCheck ? light.checked : light.unchecked);
  if (!parts.ok) return parts;
  const said = [`firmware ${firmware.value}`, `self-test: ${faultsIn(parts.value.r3) || "nothing found"}`];
  if (lightCheck) {
    const seen = await curtain(ask);
    said.push(`light curtain: ${seen.ok ? seen.value : seen.error.detail}`);
  }
  const door = await doorOpen(ask);
  said.push(`door: ${door.ok ? (door.value ? "open" : "shut") : door.error.detail}`);
  const probes = await temperatures(ask);
  if (!probes.ok) said.push(`temperature: ${probes.error.detail}`);
  else
    probes.value.forEach((probe, i) =>
      said.push(`temperature ${i + 1}: ${probe.ok ? `${probe.value} °C` : probe.error.detail}`),
    );
  said.push(`noise on the line: ${line.junk()} bytes since it was opened`);
  return ok(said);
}

/** Homing all slots [65] turns every motor that does not stand at home; goods may fall. */
async function move(line: Line<Question, Answer>, board: number): Promise<Result<readonly string[]>> {
  const homed = await line.ask({ board, command: command.homeAll, parameter: light.unchecked }, patience.homeAll);
  if (!homed.ok) return homed;
  return homed.value.head === head.no ? no("homing", homed.value) : ok(["all motors stand at home"]);
}

/** The board never speaks unasked, so the door is asked for. */
function watchDoor(ask: Ask, clock: Clock, changed: (open: boolean) => void): Listening {
  let known: boolean | undefined;
  let stopped = false;
  let timer: Timer | undefined;
  const again = async (): Promise<void> => {
    const seen = await doorOpen(ask);
    if (stopped) return;
    if (seen.ok && seen.value !== known) {
      known = seen.value;
      changed(known);
    }
    if (!stopped) timer = clock.after(doorLook, "tcn: next look at the door", () => void again());
  };
  void again();
  return {
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}

const driver: DriverDefinition<TcnOptions, "bytes"> = {
  id: "tcn",
  provides: ["vending", "board"],
  port: "bytes",
  remembers: false,
  options: readOptions,

  async open(context) {
    const { port, clock, options } = context;
    const line = openLine(port, clock, dialect);
    const slots = new Map(options.slots.map((slot) => [slot.name, slot]));
    let known: { readonly identity: Identity; readonly heardAt: Millis } | undefined;
    const ask: Ask = (asked, parameter) =>
      line.ask({ board: options.board, command: asked, parameter }, patience.quick);

    const release = async (name: string): Promise<Delivery> => {
      const slot = slots.get(name);
      if (!slot)
        return {
          kind: "not-delivered",
          started: false,
          fault: fault("misconfigured", `this machine has no slot "${name}"`),
        };
      const parameter = options.lightCheck ? light.checked : light.unchecked;
      const told = await line.ask({ board: slot.board, command: slot.number, parameter }, patience.vend);
      if (told.ok) {
        if (known) known = { ...known, heardAt: clock.mono() };
        const came = outcome(told.value, options.lightCheck);
        if (came.kind !== "delivered") context.note("board-answer", { slot: name, detail: came.fault.detail });
        return came;
      }
      // Sent once is perhaps turned once: never again, whatever the silence means.
      const { kind, detail, sent } = told.error;
      if (!sent) return { kind: "not-delivered", started: false, fault: fault(kind, detail) };
      return { kind: "unknown", fault: fault(kind === "no-device" ? "interrupted" : kind, detail) };
    };

    const watches = new Set<Listening>();
    const vending: Vending = { release, ...(options.lightCheck ? { curtain: () => curtain(ask) } : {}) };
    const device: Device = {
      can: {
        vending,
        board: {
          door(changed) {
            const watch = watchDoor(ask, clock, changed);
            watches.add(watch);
            return watch;
          },
          async temperature() {
            const probes = await temperatures(ask);
            return probes.ok ? (probes.value[0] ?? err(fault("garbled", "no temperature"))) : probes;
          },
        },
      },
      async identify() {
        if (known && clock.mono() - known.heardAt < freshLife) return ok(known.identity);
        const firmware = await version(ask);
        if (!firmware.ok) return firmware;
        known = { identity: { model: "TCN drive board", firmware: firmware.value }, heardAt: clock.mono() };
        return ok(known.identity);
      },
      selfTest: (level) => (level === "look" ? look(ask, options, line) : move(line, options.board)),
      async close() {
        for (const watch of watches) watch.stop();
        line.close();
      },
    };
    return ok(device);
  },
};

export default driver;
