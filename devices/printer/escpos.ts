import { millis, type Millis } from "../kit/clock.ts";
import type { DriverDefinition, Identity } from "../kit/driver.ts";
import { fault, type Fault } from "../kit/fault.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Slip } from "./capability.ts";
import { readOptions, type EscposOptions } from "./escpos-options.ts";
import { pageOf, type PageLine } from "./escpos-page.ts";
import { openTalk, type Talk } from "./escpos-talk.ts";

// Thermal printers that speak Epson's ESC/POS. A slip is sent once: whether a part of it is on paper nobody can take back.

const identity: Identity = { model: "ESC/POS" };

/** A slow printer takes so long for a line of text and for a picture; a serial line at 9600 for a byte. Milliseconds. */
const aLine = 100;
const aPicture = 2000;
const aByte = 1.1;
/** Beyond what was reckoned: a head that has become hot prints more slowly. */
const spare = 8000;

const reckoned = (page: readonly PageLine[], bytes: Uint8Array): number =>
  page.reduce((sum, { is }) => sum + (is === "qr" ? aPicture : aLine), 0) + bytes.length * aByte;

const before = (why: Fault): Fault => fault(why.kind, `${why.detail}; nothing was printed`);
/** Silent or gone, nobody knows how far it came. */
function amid(why: Fault): Fault {
  const unknown = why.kind === "silent" || why.kind === "garbled" || why.kind === "no-device";
  return fault(unknown ? "interrupted" : why.kind, `${why.detail}; the slip may be cut short`);
}

/** Sends the slip, and waits until it is on paper as far as this printer can tell. */
async function printOn(talk: Talk, slip: Slip, options: EscposOptions): Promise<Result<void>> {
  // What makes the bytes is loaded at the first slip: no start waits for it.
  const { encoded } = await import("./escpos-encode.ts");
  const page = pageOf(slip, options);
  const bytes = encoded(page, options);
  const gone = talk.gone();
  if (gone) return err(before(gone));
  if (options.tells !== "nothing") {
    const ready = await talk.look();
    if (!ready.ok) return err(before(ready.error));
  }
  const time = reckoned(page, bytes);
  const sent = await talk.send(bytes, millis(time + spare));
  const done = sent.ok ? await onPaper(talk, options, millis(time)) : sent;
  if (done.ok) return done;
  talk.forget();
  return err(amid(done.error));
}

async function onPaper(talk: Talk, { tells }: EscposOptions, time: Millis): Promise<Result<void>> {
  if (tells === "nothing") return ok(undefined);
  if (tells === "printed") return talk.printed(millis(time + spare));
  await talk.wait(time);
  const after = await talk.look();
  return after.ok ? ok(undefined) : after;
}

const driver: DriverDefinition<EscposOptions, "bytes"> = {
  id: "escpos",
  provides: ["printer"],
  port: "bytes",
  remembers: false,
  options: readOptions,
  async open({ port, clock, options }) {
    const talk = openTalk(port, clock);
    // Its owner has gone whose slip was cut short before this line was opened: by a power cut, or because the wire was out.
    talk.forget();
    let underWay = false;

    return ok({
      can: {
        printer: {
          columns: options.columns,
          async print(slip) {
            if (underWay) return err(fault("busy", "another slip is being printed; nothing was printed of this one"));
            underWay = true;
            try {
              return await printOn(talk, slip, options);
            } finally {
              underWay = false;
            }
          },
        },
      },
      async identify() {
        const gone = talk.gone();
        if (gone) return err(gone);
        // Behind a slip that is still being sent a question is answered too late, and the wire would be given up amid it.
        if (underWay || options.tells === "nothing") return ok(identity);
        const state = await talk.look();
        const lives = state.ok || state.error.kind === "empty" || state.error.kind === "door-open";
        return lives ? ok(identity) : state;
      },
      async selfTest() {
        const gone = talk.gone();
        if (gone) return err(gone);
        if (underWay) return ok(["a slip is being printed"]);
        if (options.tells === "nothing") return ok(["this printer cannot be asked how it is"]);
        const state = await talk.look();
        if (!state.ok) return state;
        return ok(["the cover is shut", state.value.nearEnd ? "the roll of paper is near its end" : "there is paper"]);
      },
      async close() {
        talk.close();
      },
    });
  },
};

export default driver;
