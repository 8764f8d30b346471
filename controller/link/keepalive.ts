import { millis, type Clock, type Millis, type Timer } from "../../devices/kit/clock.ts";

/** The intervals on which MQTT.js counts its keepalive, as waits of our clock. */
export function keepaliveTimers(clock: Clock) {
  const running = new Map<number, Timer>();
  let last = 0;
  const wind = (id: number, every: Millis, wake: () => void): void => {
    const turn = () => {
      wind(id, every, wake);
      wake();
    };
    running.set(id, clock.after(every, "keepalive", turn));
  };
  return {
    set(wake: () => void, every: number): number {
      last += 1;
      wind(last, millis(every), wake);
      return last;
    },
    clear(id: number): void {
      running.get(id)?.cancel();
      running.delete(id);
    },
  };
}
