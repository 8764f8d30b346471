import type { Clock } from "./kit/clock.ts";
import type { Device } from "./kit/driver.ts";
import { fault, type Fault } from "./kit/fault.ts";
import type { Port, Wires } from "./kit/port.ts";
import { err, type Result } from "./kit/result.ts";

// Fences around a driver. Whatever it throws in a call, in a timer or while listening ends there and is told to `fell`.
// Only a promise that a driver starts and forgets can still get past; the lint rule no-floating-promises keeps those out.

type Fell = (why: Fault) => void;

/** What is told of a mistake that a driver made. */
export type Tells = (mistake: unknown) => Fault;

const madeBy = (id: string, said: string): Fault =>
  fault("interrupted", `driver ${id} failed, which is a mistake in the driver: ${said}`);

/** In the mistake's own words. */
export const plainly =
  (id: string): Tells =>
  (mistake) =>
    madeBy(id, mistake instanceof Error ? `${mistake.name}: ${mistake.message}` : String(mistake));

/**
 * By its kind and its place in the code alone. What an instrument measured, a card has or a slip says may stand in the
 * words: "Cannot convert 5.6 to a BigInt". Faults are logged, written down and sent.
 */
export const discreetly =
  (id: string): Tells =>
  (mistake) =>
    madeBy(id, mistake instanceof Error ? `${mistake.name}${placeOf(mistake)}` : `a thrown ${typeof mistake}`);

/** " at contour.ts:57:12". */
function placeOf({ stack = "" }: Error): string {
  const frame = /^ {4}at (?:.*[/\\(])?([\w.-]+:\d+:\d+)\)?$/m.exec(stack)?.[1];
  return frame === undefined ? "" : ` at ${frame}`;
}

/** A call into a driver: a throw or a rejection becomes a fault. */
export async function safely<T>(tells: Tells, work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work();
  } catch (mistake) {
    return err(tells(mistake));
  }
}

export function fencedClock(clock: Clock, tells: Tells, fell: Fell): Clock {
  return {
    mono: () => clock.mono(),
    wall: () => clock.wall(),
    after: (delay, label, wake) =>
      clock.after(delay, label, () => {
        try {
          wake();
        } catch (mistake) {
          fell(tells(mistake));
        }
      }),
  };
}

/** Also tells of a wire that is lost, which the driver would show only at the next question. */
export function fencedPort<P extends keyof Wires>(port: Wires[P], tells: Tells, fell: Fell): Wires[P] {
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (mistake) {
      fell(tells(mistake));
    }
  };
  const wire: Port<unknown, unknown> = port;
  const listen: Port<unknown, unknown>["listen"] = (sink) =>
    wire.listen({
      heard: (item) => attempt(() => sink.heard(item)),
      lost(why) {
        attempt(() => sink.lost(why));
        fell(why);
      },
    });
  // What only some wires have, such as the descriptor of a HID device, is passed through as it is.
  return { ...port, listen };
}

/** What the kiosk gets to hold: the same device, of which no call throws or rejects. */
export function fencedDevice(device: Device, tells: Tells, fell: Fell): Device {
  const can = Object.fromEntries(
    Object.entries(device.can).map(([name, part]) => [name, fencedPart(part, tells, fell)]),
  );
  return {
    can,
    identify: () => safely(tells, () => device.identify()),
    selfTest: (level) => safely(tells, () => device.selfTest(level)),
    close: () => device.close(),
  };
}

function fencedPart<T extends object>(part: T, tells: Tells, fell: Fell): T {
  const caught = (mistake: unknown) => {
    const why = tells(mistake);
    fell(why);
    // Says in the words of every capability that nothing is known: a delivery, a failed result.
    return { kind: "unknown", fault: why, ok: false, error: why };
  };
  return new Proxy(part, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...given: unknown[]): unknown => {
        try {
          const answer: unknown = Reflect.apply(value, target, given);
          return answer instanceof Promise ? answer.catch(caught) : answer;
        } catch (mistake) {
          // … and a listening that will hear nothing.
          return Object.assign(Promise.resolve(caught(mistake)), { stop() {} });
        }
      };
    },
  });
}
