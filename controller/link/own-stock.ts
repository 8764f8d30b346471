import { millis, type Clock, type Millis, type Timer } from "../../devices/kit/clock.ts";
import type { Result } from "../../devices/kit/result.ts";
import { writeStock, type Stock } from "../../protocol/fleet/stock.ts";
import { delays } from "../delays.ts";
import type { Message } from "./uplink.ts";

type Left = Stock["left"];
export type Publish = (message: Message) => Promise<Result<void>>;

/** What we last told our neighbours, on this connection. */
export interface Said {
  readonly at: Millis;
  /** Undefined where it did not go through. */
  readonly left: Left | undefined;
}

const same = (a: Left, b: Left): boolean => {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
};

const empty = (left: Left): boolean => Object.keys(left).length === 0;

/**
 * How long until our stock shall be told. On a new connection at once; news once a minute; nothing new now and then, for
 * neighbours forget what is old. That nothing is left any more is told at once: nobody shall walk here in vain.
 */
export function tellIn(said: Said | undefined, left: Left, now: Millis): Millis {
  if (said === undefined) return millis(0);
  const outOfService = empty(left) && said.left !== undefined && !empty(said.left);
  if (outOfService) return millis(0);
  const wait = said.left !== undefined && same(said.left, left) ? delays.stockToldAgain : delays.stockTold;
  return millis(Math.max(0, said.at + wait - now));
}

/** Tells the neighbours what is left here. */
export interface OwnStock {
  connected(publish: Publish | undefined): void;
  has(left: Left): void;
  /** Nothing is given here any more. Settles when the broker knows, or does not answer in time, or there is none. */
  close(): Promise<void>;
}

export function openOwnStock(topic: string, clock: Clock): OwnStock {
  let publish: Publish | undefined;
  let left: Left | undefined;
  let said: Said | undefined;
  let timer: Timer | undefined;
  let telling: Promise<void> | undefined;

  async function tell(to: Publish, goods: Left): Promise<void> {
    const at = clock.mono();
    const payload = writeStock({ v: 1, at: clock.wall().utc, left: goods });
    const done = await to({ topic, payload, qos: 1, retain: true });
    // On another connection nothing was said yet.
    if (publish === to) said = { at, left: done.ok ? goods : undefined };
    telling = undefined;
    consider();
  }

  function consider(): void {
    timer?.cancel();
    timer = undefined;
    if (publish === undefined || left === undefined || telling !== undefined) return;
    const wait = tellIn(said, left, clock.mono());
    if (wait > 0) timer = clock.after(wait, "neighbours: own stock", consider);
    else telling = tell(publish, left);
  }

  async function told(): Promise<void> {
    while (telling !== undefined) await telling;
  }

  const inTime = (work: Promise<void>): Promise<void> =>
    new Promise((resolve) => {
      const limit = clock.after(delays.goodbye, "neighbours: the last word", resolve);
      void work.then(() => {
        limit.cancel();
        resolve();
      });
    });

  return {
    connected(to) {
      publish = to;
      said = undefined;
      consider();
    },
    has(goods) {
      if (left !== undefined && same(left, goods)) return;
      left = goods;
      consider();
    },
    async close() {
      if (left !== undefined) left = {};
      consider();
      await inTime(told());
      publish = undefined;
      timer?.cancel();
    },
  };
}
