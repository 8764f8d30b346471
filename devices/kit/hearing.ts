import { millis, type Clock, type Millis, type Timer } from "./clock.ts";
import { fault, type Fault } from "./fault.ts";
import type { Framer } from "./framer.ts";
import type { Listening, Port } from "./port.ts";

/** What is heard of a machine that speaks unasked, such as a reader. */
export interface Hearing<R> {
  /**
   * Told of everything from now on; nothing is told after `close` or when the wire is gone. `since` is when its first
   * byte came, or earlier. `lost` is told once that nothing more will come, at once where that is known already.
   */
  seen(sink: (heard: R, since: Millis) => void, lost?: (why: Fault) => void): Listening;
  /** Why nothing more will be heard: the wire is lost, or was closed. */
  gone(): Fault | undefined;
  /** Bytes since opening that were no part of a frame: a measure of the cable. */
  junk(): number;
  close(): void;
}

/** How a machine's frames are found, and what they mean. */
export interface Tongue<F, S, R> {
  /** Over a byte wire chunks mean nothing; of a HID device each chunk is one report with its id. */
  readonly framer: Framer<F, S>;
  /** What a frame tells; nothing where it is no news. */
  means(frame: F): R | undefined;
  /** What half a frame tells that was given up after the framer's silence; nothing where it may be mere noise. */
  brokenOff?(half: S): R | undefined;
}

/** Listens until `close`. A frame that is broken off by silence is given up, and the next byte starts afresh. */
export function hear<F, S, R>(
  port: Port<Uint8Array, Uint8Array>,
  clock: Clock,
  { framer, means, brokenOff }: Tongue<F, S, R>,
): Hearing<R> {
  const sinks = new Set<{
    readonly told: (heard: R, since: Millis) => void;
    readonly lost: ((why: Fault) => void) | undefined;
  }>();
  let state = framer.start;
  /** When the first byte of what is held in `state` came. */
  let born = clock.mono();
  let junk = 0;
  let hush: Timer | undefined;
  let gone: Fault | undefined;

  const tell = (heard: R | undefined, since: Millis) => {
    if (heard !== undefined) for (const { told } of Array.from(sinks)) told(heard, since);
  };
  const giveUp = () => {
    const half = state;
    state = framer.start;
    tell(brokenOff?.(half), born);
  };
  /**
   * Silence is waited for in two halves: where the kiosk itself was held up, what came meanwhile is heard between them.
   * Else the rest of a reading that was given up could pass for a whole one.
   */
  const waitFor = (quiet: Millis) => {
    const half = millis(quiet / 2);
    const label = `${port.label}: half a reading`;
    hush = clock.after(half, label, () => (hush = clock.after(half, label, giveUp)));
  };
  const end = (why: Fault) => {
    if (gone) return;
    gone = why;
    hush?.cancel();
    ear.stop();
    const mine = Array.from(sinks);
    sinks.clear();
    for (const { lost } of mine) lost?.(why);
  };
  // A wire that is lost already may say so while it is being listened to.
  let ear: Listening = { stop() {} };
  ear = port.listen({
    heard(chunk) {
      hush?.cancel();
      const now = clock.mono();
      let since = state === framer.start ? now : born;
      const pushed = framer.push(state, chunk);
      state = pushed.state;
      born = pushed.frames.length > 0 ? now : since;
      junk += pushed.junk;
      if (framer.quiet !== null && state !== framer.start) waitFor(framer.quiet);
      for (const frame of pushed.frames) {
        tell(means(frame), since);
        since = now;
      }
    },
    lost: end,
  });
  if (gone) ear.stop();

  return {
    seen(sink, lost) {
      const mine = { told: sink, lost };
      if (gone === undefined) sinks.add(mine);
      else lost?.(gone);
      return { stop: () => void sinks.delete(mine) };
    },
    gone: () => gone,
    junk: () => junk,
    close: () => end(fault("no-device", "closed")),
  };
}
