import { millis, type Millis } from "../../devices/kit/clock.ts";
import type { Moment } from "../domain/moment.ts";
import type { History, Portion } from "./history.ts";
import type { Past } from "./sayings.ts";

/** A session in which the past can be told. */
export interface Listener {
  now(): Moment;
  /** Live data has had its turn, and the line has room. */
  quiet(): boolean;
  /** The session ended. */
  over(): boolean;
  /** Whether the host knows of this device now. */
  tellable(device: string | undefined): boolean;
  /** False where it could not be said. */
  say(device: string | undefined, values: readonly Past[]): boolean;
  /** Waits, but not beyond the session. */
  rest(span: Millis): Promise<void>;
  /** True when the broker has all that was said so far. */
  has(): Promise<boolean>;
}

/** Between two messages of the past: a thousand values a second leave the line to what happens now. */
const pause = millis(50);
/** What stayed, because its device was lost or the time unknown, is looked at again after so long. */
const lookedAgain = millis(600_000);
/** Blocks that are told before the broker is asked whether it has them. */
const unconfirmed = 16;

/** Tells what an outage left, oldest first. Ends with the session. Nothing is forgotten before the broker has it. */
export async function tellHistory(history: History, listener: Listener): Promise<void> {
  while (!listener.over()) {
    if (!(await tellAll())) return;
    await listener.rest(lookedAgain);
  }

  /** False when the session ended meanwhile. */
  async function tellAll(): Promise<boolean> {
    history.rewind();
    let open: Portion[] = [];
    const settle = async (): Promise<boolean> => {
      if (open.length === 0) return true;
      if (!(await listener.has())) return false;
      await history.told(open);
      open = [];
      return true;
    };
    for (;;) {
      const portion = history.next(listener.now(), listener.tellable);
      if (portion === undefined) return settle();
      const told = await tell(portion);
      if (told === "over") return false;
      const unchanged = portion.messages.length === 0 && portion.rest.length > 0;
      if (told === "told" && !unchanged) open.push(portion);
      if (open.length >= unconfirmed && !(await settle())) return false;
    }
  }

  async function tell({ messages }: Portion): Promise<"told" | "not-told" | "over"> {
    let told = true;
    for (const { device, values } of messages) {
      do {
        await listener.rest(pause);
        if (listener.over()) return "over";
      } while (!listener.quiet());
      told = listener.say(device, values) && told;
    }
    return told ? "told" : "not-told";
  }
}
