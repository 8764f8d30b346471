import type { Asking, Store } from "../store/store.ts";

/** Why something was not taken. The list is closed. docs/centre-database.md says what to do about each. */
export type Refusal =
  | "too-large"
  | "wrong-form"
  | "unknown-kiosk"
  | "wrong-group"
  | "too-many-lives"
  | "too-far-ahead"
  | "database"
  | "busy"
  | "unknown-command"
  | "wrong-time"
  | "dropped";

/** What it was meant to be. */
export type Meant = "ev" | "res" | "reported" | "log" | "sparkplug";

interface Count {
  readonly kiosk: string;
  readonly what: Meant;
  readonly reason: Refusal;
  times: number;
  since: number;
  last: number;
  example: string;
}

/** Names beyond so many are counted together: names are free, and somebody may send ten thousand. */
const namesCounted = 5000;
const longestExample = 200;

/** Counts what was refused, in memory, until it is written down with the next turn. */
export class Refusals {
  #counts = new Map<string, Count>();
  /** All since the start. */
  total = 0;

  /** `kiosk`: "" where the name itself is not to be believed. */
  count(kiosk: string, what: Meant, reason: Refusal, at: number, example = ""): void {
    this.total += 1;
    const name = this.#counts.size < namesCounted || this.#counts.has(key(kiosk, what, reason)) ? kiosk : "";
    const one = this.#counts.get(key(name, what, reason)) ?? {
      kiosk: name,
      what,
      reason,
      times: 0,
      since: at,
      last: at,
      example: example.replaceAll(/[^ -~]/g, "?").slice(0, longestExample),
    };
    one.times += 1;
    one.last = at;
    this.#counts.set(key(name, what, reason), one);
  }

  /** Writes them down; what cannot be written is counted on. */
  async write(store: Store): Promise<void> {
    const counts = this.#counts;
    if (counts.size === 0) return;
    this.#counts = new Map();
    try {
      await store.transaction((within) => add(within, [...counts.values()]));
    } catch (error) {
      for (const one of counts.values()) {
        const since = this.#counts.get(key(one.kiosk, one.what, one.reason));
        this.#counts.set(key(one.kiosk, one.what, one.reason), {
          ...one,
          times: one.times + (since?.times ?? 0),
          last: since?.last ?? one.last,
        });
      }
      throw error;
    }
  }
}

const key = (kiosk: string, what: Meant, reason: Refusal): string => `${what} ${reason} ${kiosk}`;

/** In the order of their keys, so that two collectors do not wait for each other in a circle. */
async function add(within: Asking, counts: readonly Count[]): Promise<void> {
  await within.query(
    `INSERT INTO refused AS r (kiosk, what, reason, times, since, last, example)
     SELECT kiosk, what, reason, times, since, last, example FROM json_to_recordset($1::json)
       AS c(kiosk text, what text, reason text, times bigint, since bigint, last bigint, example text)
     ORDER BY kiosk, what, reason
     ON CONFLICT (kiosk, what, reason) DO UPDATE
     SET times = r.times + excluded.times, last = excluded.last, example = excluded.example`,
    [JSON.stringify(counts)],
  );
}
