import type { Clock } from "./clock.ts";

/** So often may one node be asked for all its births. Milliseconds. */
export const oncePerNode = 60_000;
/** And so many nodes in any second: more at once would be the storm that the request shall mend. */
export const perSecond = 50;
const aSecond = 1000;

/** Requests for all births, one at a time for each node, none too often, the oldest first. */
export interface Rebirths {
  /** Asks now or as soon as it may. Asked for again while it waits, it waits once. */
  ask(key: string): void;
  /** It was born meanwhile, or died. */
  withdraw(key: string): void;
  /** The broker is gone: those that wait will send something when they are there again. */
  forget(isGone: (key: string) => boolean): void;
  close(): void;
}

/** @param send puts the request on its way. */
export function rebirths(clock: Clock, send: (key: string) => void): Rebirths {
  /** By node, in the order of asking: when it may be asked, on the monotonic clock. */
  const waiting = new Map<string, number>();
  /** When each node was asked last; older than a minute is forgotten. */
  const asked = new Map<string, number>();
  /** When the last few were sent. */
  const sent: number[] = [];
  let timer: { readonly at: number; cancel(): void } | undefined;

  const isFree = (now: number) => sent.length < perSecond || now - (sent[0] ?? now) >= aSecond;
  const freeAt = (now: number) => (isFree(now) ? now : (sent[0] ?? now) + aSecond);

  const sendDue = () => {
    timer = undefined;
    const now = clock.mono();
    for (const [key, due] of waiting) {
      if (!isFree(now)) break;
      if (due > now) continue;
      waiting.delete(key);
      asked.delete(key);
      asked.set(key, now);
      sent.push(now);
      if (sent.length > perSecond) sent.shift();
      send(key);
    }
    for (const [key, at] of asked) {
      if (now - at < oncePerNode) break;
      asked.delete(key);
    }
    if (waiting.size > 0) wakeAt(Math.min(...waiting.values()), now);
  };

  const wakeAt = (due: number, now: number) => {
    const at = Math.max(due, freeAt(now));
    if (timer !== undefined && timer.at <= at) return;
    timer?.cancel();
    if (at <= now) return sendDue();
    const { cancel } = clock.after(at - now, "a request for births", sendDue);
    timer = { at, cancel };
  };

  return {
    ask(key) {
      if (waiting.has(key)) return;
      const now = clock.mono();
      const due = Math.max(now, (asked.get(key) ?? -Infinity) + oncePerNode);
      waiting.set(key, due);
      wakeAt(due, now);
    },
    withdraw: (key) => void waiting.delete(key),
    forget(isGone) {
      for (const key of waiting.keys()) if (isGone(key)) waiting.delete(key);
    },
    close() {
      timer?.cancel();
      waiting.clear();
    },
  };
}
