import type { Clock } from "./kit/clock.ts";
import type { Device } from "./kit/driver.ts";
import { fault, type Fault } from "./kit/fault.ts";
import type { Port, Wires } from "./kit/port.ts";
import { err, type Result } from "./kit/result.ts";

// Fences around a driver. Whatever it throws in a call, in a timer or while listening ends there and is told to `fell`.
// Only a promise that a driver starts and forgets can still get past; the lint rule no-floating-promises keeps those out.

type Fell = (why: Fault) => void;

export function thrown(id: string, mistake: unknown): Fault {
  const said = mistake instanceof Error ? `${mistake.name}: ${mistake.message}` : String(mistake);
  return fault("interrupted", `driver ${id} failed, which is a mistake in the driver: ${said}`);
}

/** A call into a driver: a throw or a rejection becomes a fault. */
export async function safely<T>(id: string, work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work();
  } catch (mistake) {
    return err(thrown(id, mistake));
  }
}

export function fencedClock(clock: Clock, id: string, fell: Fell): Clock {
  return {
    mono: () => clock.mono(),
    wall: () => clock.wall(),
    after: (delay, label, wake) =>
      clock.after(delay, label, () => {
        try {
          wake();
        } catch (mistake) {
          fell(thrown(id, mistake));
        }
      }),
  };
}

/** Also tells of a wire that is lost, which the driver would show only at the next question. */
export function fencedPort<P extends keyof Wires>(port: Wires[P], id: string, fell: Fell): Wires[P] {
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (mistake) {
      fell(thrown(id, mistake));
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
export function fencedDevice(device: Device, id: string, fell: Fell): Device {
  const can = Object.fromEntries(Object.entries(device.can).map(([name, part]) => [name, fencedPart(part, id, fell)]));
  return {
    can,
    identify: () => safely(id, () => device.identify()),
    selfTest: (level) => safely(id, () => device.selfTest(level)),
    close: () => device.close(),
  };
}

function fencedPart<T extends object>(part: T, id: string, fell: Fell): T {
  const caught = (mistake: unknown) => {
    const why = thrown(id, mistake);
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
