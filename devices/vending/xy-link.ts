import { millis, seconds, type Clock, type Millis } from "../kit/clock.ts";
import { fault, type Fault } from "../kit/fault.ts";
import type { BytePort, Listening } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { ack, command, encode, following, framer, type Frame } from "./xy-wire.ts";

/** "No ACK: send the same frame with the same PackNO, at most 5 times" [S-XY 2.1, rhythm 2]. */
const repetitions = 5;
/**
 * A board that repeats does so at once, before anything else it has to say, at most one poll period later.
 * The same number much later is another message: after a restart the board counts from 1 again.
 */
const sameMessage = seconds(2);

/** Something to say at one of the next polls. */
export interface Order {
  readonly command: number;
  readonly text: readonly number[];
  /** Who speaks first when several wait: 0 the synchronising, 1 a motor, 2 the rest. */
  readonly rank: 0 | 1 | 2;
  /**
   * The longest time between two sendings. A motor is not driven by a repetition that comes after a gap: the board
   * may have been restarted meanwhile and have forgotten that it knows the number.
   */
  readonly fresh?: Millis;
  /** The bytes are on their way, for the first time or again. */
  left?(): void;
  /** The board acknowledged, or was silent to the last repetition and may have heard it all the same. */
  ended(acknowledged: boolean): void;
}

/** One end of a wire whose other end is the host: the board polls, and only a poll lets us speak. */
export interface XyLink {
  put(order: Order): void;
  /** Takes back what waits; what was sent already is not repeated any more. */
  withdraw(order: Order): void;
  /** Resolves at the next good frame from the board; "silent" or "garbled" after `patience`. */
  sign(patience: Millis): Promise<Result<void>>;
  /** When the last good frame came; the opening where none came yet. */
  heardAt(): Millis;
  /** Bytes since opening that were no part of a frame: a measure of the cable. */
  junk(): number;
  close(why: Fault): void;
}

interface Flight {
  readonly order: Order;
  readonly bytes: Uint8Array;
  sendings: number;
  last: Millis;
}

export function openXyLink(
  port: BytePort,
  clock: Clock,
  board: { data(frame: Frame): void; lost(why: Fault): void },
): XyLink {
  const waiting: Order[] = [];
  const watchers = new Set<(frame: Fault | undefined) => void>();
  let flight: Flight | undefined;
  let pack = 1;
  let state = framer.start;
  let lastByte = clock.mono();
  let lastFrame = clock.mono();
  let junk = 0;
  let known: { readonly command: number; readonly pack: number; readonly at: Millis } | undefined;
  let gone: Fault | undefined;
  // A wire that is lost already may say so while it is being listened to.
  let ear: Listening = { stop() {} };

  // A write that fails tells its reason through `lost`; until then the frame counts as said, since it may have been heard.
  const send = (bytes: Uint8Array) => void port.send(bytes);

  /** The number moves on even where nobody acknowledged: a later command under it would pass for its repetition. */
  const land = (acknowledged: boolean) => {
    const order = flight?.order;
    if (order === undefined) return;
    flight = undefined;
    pack = following(pack);
    order.ended(acknowledged);
  };

  const speak = () => {
    const now = clock.mono();
    if (flight && (flight.sendings > repetitions || now - flight.last > (flight.order.fresh ?? Infinity))) land(false);
    if (!flight) {
      const order = waiting.shift();
      if (order === undefined) return send(ack);
      const bytes = encode({ command: order.command, pack, text: Uint8Array.from(order.text) });
      flight = { order, bytes, sendings: 0, last: now };
    }
    flight.sendings += 1;
    flight.last = now;
    flight.order.left?.();
    send(flight.bytes);
  };

  const take = (frame: Frame) => {
    const now = clock.mono();
    const again = known?.command === frame.command && known.pack === frame.pack && now - known.at <= sameMessage;
    known = { command: frame.command, pack: frame.pack, at: now };
    if (!again) board.data(frame);
  };

  const heard = (chunk: Uint8Array) => {
    const now = clock.mono();
    if (framer.quiet !== null && now - lastByte > framer.quiet) state = framer.start;
    lastByte = now;
    const pushed = framer.push(state, chunk);
    state = pushed.state;
    junk += pushed.junk;
    // Where several frames came at once we were late: the board waits for the answer to its last one only.
    let due: "nothing" | "ack" | "turn" = "nothing";
    for (const frame of pushed.frames) {
      if (frame.command === command.ack) land(true);
      else if (frame.command === command.poll) due = "turn";
      else {
        due = "ack";
        take(frame);
      }
    }
    if (gone) return;
    if (pushed.frames.length === 0) return;
    lastFrame = now;
    for (const watcher of watchers) watcher(undefined);
    if (due === "turn") speak();
    else if (due === "ack") send(ack);
  };

  const end = (why: Fault) => {
    if (gone) return;
    gone = why;
    ear.stop();
    waiting.length = 0;
    flight = undefined;
    for (const watcher of watchers) watcher(why);
  };

  ear = port.listen({
    heard,
    lost(why) {
      const first = gone === undefined;
      end(why);
      if (first) board.lost(why);
    },
  });
  if (gone) ear.stop();

  return {
    put(order) {
      if (gone) return;
      const behind = waiting.findIndex((other) => other.rank > order.rank);
      waiting.splice(behind < 0 ? waiting.length : behind, 0, order);
    },
    withdraw(order) {
      const at = waiting.indexOf(order);
      if (at >= 0) waiting.splice(at, 1);
      if (flight?.order === order) {
        flight = undefined;
        pack = following(pack);
      }
    },
    sign(patience) {
      if (gone) return Promise.resolve(err(gone));
      const noiseBefore = junk;
      return new Promise((resolve) => {
        const watcher = (why: Fault | undefined) => {
          watchers.delete(watcher);
          timer.cancel();
          resolve(why ? err(why) : ok(undefined));
        };
        const timer = clock.after(patience, `${port.label}: a sign of the board`, () =>
          watcher(
            junk > noiseBefore
              ? fault(
                  "garbled",
                  `bytes came, but no XY frame in ${patience} ms: is this the right board, at 57600 bit/s?`,
                )
              : fault("silent", `no poll in ${patience} ms: is the board on, and its cable in?`),
          ),
        );
        watchers.add(watcher);
      });
    },
    heardAt: () => lastFrame,
    junk: () => junk,
    close: end,
  };
}

/** The longest poll period that command 16 can set; a board that is silent for longer is gone [S-XY 2.1]. */
export const longestPeriod: Millis = millis(2000);
