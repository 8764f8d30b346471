import type { BoardIo } from "../board/capability.ts";
import { seconds, type Millis, type Timer } from "../kit/clock.ts";
import type { Device, DriverContext, DriverDefinition, Identity } from "../kit/driver.ts";
import { fault, type Fault } from "../kit/fault.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Vending } from "./capability.ts";
import { openXyLink, type Order } from "./xy-link.ts";
import { readCold, setClimate, setDropDetection, testCurtain, wholeMachine } from "./xy-menu.ts";
import { openXyMotor } from "./xy-motor.ts";
import { trayOf, watched, xyOptions, type XyOptions } from "./xy-options.ts";
import { openXyQuestions } from "./xy-questions.ts";
import { lookOver } from "./xy-self-test.ts";
import { xySlots } from "./xy-slots.ts";
import { command, hex, type Frame } from "./xy-wire.ts";

/** After synchronising the board tells its version; one that has not done so by then has none to tell (ours). */
const introduction: Millis = seconds(1);
/** Types of the acceptors in command 28: "0000 = none" [S-XY 2.1, command 28]. */
const acceptors = { bills: 0, coins: 1 } as const;

/**
 * Hunan Xingyuan XY, "VMC – upper computer protocol" V3.0 and V3.2.11 [S-XY]: RS232, 57600 bit/s, 8N1.
 * The board is the host. It polls every 200 ms; a poll is answered at once with ACK or with one command.
 */
async function open(context: DriverContext<XyOptions, "bytes">): Promise<Result<Device>> {
  const { options, port, clock } = context;
  const silence = seconds(options.silentAfterSeconds);
  const slots = xySlots((slot) => trayOf(slot, options));
  const detecting = new Set<number>();
  let firmware: string | undefined;
  let identity: Identity | undefined;
  let introduced: (() => void) | undefined;
  let greeting: readonly Order[] = [];

  const link = openXyLink(port, clock, { data, lost: end });
  const questions = openXyQuestions(link, clock);
  const motor = openXyMotor(link, clock, silence);

  function data(frame: Frame): void {
    slots.hear(frame);
    motor.hear(frame);
    questions.hear(frame);
    switch (frame.command) {
      case command.synchronise:
        context.note("xy.board-started");
        motor.restarted();
        greet();
        break;
      case command.version:
        firmware ??= String.fromCharCode(...frame.text.filter((byte) => byte >= 0x20 && byte < 0x7f)).trim();
        introduced?.();
        break;
      case command.filled:
      case command.filledToo:
        context.note("xy.filled");
        break;
      case command.money:
        // Mode and amount only: with some modes the number of a card follows.
        context.note("xy.money-taken", { bytes: hex(frame.text.slice(0, 5)) });
        break;
    }
  }

  /** What the board must be told at our start and at its own, the synchronising before everything else. */
  function greet(): void {
    for (const order of greeting) link.withdraw(order);
    const synchronising: Order = {
      command: command.synchronise,
      text: [],
      rank: 0,
      ended(acknowledged) {
        if (!acknowledged) link.put(synchronising);
      },
    };
    // A free machine must not eat money: no bills, no coins.
    const shut = [acceptors.bills, acceptors.coins].map((type): Order => ({
      command: command.accept,
      text: [type, 0, 0],
      rank: 2,
      ended(acknowledged) {
        if (!acknowledged) context.note("xy.acceptor-not-shut", { type });
      },
    }));
    greeting = [synchronising, ...shut];
    for (const order of greeting) link.put(order);
    void setUp();
  }

  /** Sets drop detection as the station file says. Only what the board has confirmed counts as proof of a drop. */
  async function setUp(): Promise<void> {
    const { dropSensor, climate } = options;
    const hail = greeting;
    detecting.clear();
    const trays = typeof dropSensor === "boolean" ? [wholeMachine] : dropSensor;
    if (typeof dropSensor !== "boolean") await setDropDetection(questions, wholeMachine, false);
    for (const tray of trays) {
      const set = await setDropDetection(questions, tray, dropSensor !== false);
      // Confirmed by a board that has been restarted since: it is being asked again. Or there is no board any more.
      if (hail !== greeting || (!set.ok && set.error.kind === "no-device")) return;
      if (!set.ok) context.note("xy.drop-detection-not-set", { tray, why: set.error.detail });
      else if (dropSensor !== false) detecting.add(tray);
    }
    if (typeof climate === "string") return;
    const set = await setClimate(questions, climate);
    if (!set.ok && set.error.kind !== "no-device") context.note("xy.climate-not-set", { why: set.error.detail });
  }

  function end(why: Fault): void {
    motor.close(why);
    questions.close(why);
    introduced?.();
  }

  /** Waits for the board to tell its version, once, so that every answer of `identify` is the same. */
  const introduce = () =>
    new Promise<void>((resolve) => {
      let timer: Timer | undefined;
      introduced = () => {
        introduced = undefined;
        timer?.cancel();
        resolve();
      };
      if (firmware !== undefined) introduced();
      else timer = clock.after(introduction, "xy: the board's version", introduced);
    });

  const slotNumber = (slot: string): number | undefined => {
    const n = Number(slot);
    return /^[1-9]\d{0,2}$/.test(slot) && n <= options.slots ? n : undefined;
  };

  const vending: Vending = {
    async release(slot) {
      const n = slotNumber(slot);
      if (n === undefined) {
        const detail = `there is no slot "${slot}"; the slots of this machine are 1 to ${options.slots}`;
        return { kind: "not-delivered", started: false, fault: fault("misconfigured", detail) };
      }
      return motor.drive({
        slot: n,
        sensor: watched(n, options),
        lift: options.lift,
        evidence: () =>
          watched(n, options) && (detecting.has(wholeMachine) || detecting.has(trayOf(n, options)))
            ? "drop-sensor"
            : "motor-home",
      });
    },
    reports: (heard) => slots.listen(heard),
  };
  const board: BoardIo = {
    async temperature() {
      const cold = await readCold(questions);
      return cold.ok ? ok(cold.value.celsius) : cold;
    },
  };

  greet();
  return ok({
    can: {
      vending: options.dropSensor === false ? vending : { ...vending, curtain: () => testCurtain(questions) },
      ...(options.climate === "none" ? {} : { board }),
    },
    async identify() {
      const alive = await link.sign(silence);
      if (!alive.ok) return alive;
      if (identity === undefined) {
        await introduce();
        identity ??= { model: "XY V3", ...(firmware ? { firmware } : {}) };
      }
      return ok(identity);
    },
    async selfTest() {
      const alive = await link.sign(silence);
      if (!alive.ok) return err(alive.error);
      return lookOver({ questions, options, detecting, reports: () => slots.known(), junk: () => link.junk() });
    },
    async close() {
      const closed = fault("no-device", "closed");
      link.close(closed);
      end(closed);
    },
  });
}

const driver: DriverDefinition<XyOptions, "bytes"> = {
  id: "xy",
  provides: ["vending", "board"],
  port: "bytes",
  // After a restart it tells its stock, which it counts by a rule of its own, and nothing of the last motion.
  remembers: false,
  options: xyOptions,
  open,
};
export default driver;
