// The thread in which PC/SC readers are spoken to. Several calls of smartcard wait for the service's answer: a service
// that hangs must not stop the kiosk. There is one such thread a process, and it never ends: the addon keeps things of
// its first environment and would touch them after their end.
import { parentPort } from "node:worker_threads";
import type * as Smartcard from "smartcard";
import { fault, type Fault, type FaultKind } from "../kit/fault.ts";
import type { CardWord } from "../kit/port.ts";

export type Order =
  | { readonly is: "open"; readonly id: number; readonly match: string }
  | { readonly is: "command"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly is: "close"; readonly id: number };

export type Report =
  | { readonly is: "opened"; readonly id: number; readonly name: string }
  | { readonly is: "not-opened" | "lost"; readonly id: number; readonly why: Fault }
  | { readonly is: "word"; readonly id: number; readonly word: CardWord }
  | { readonly is: "closed"; readonly id: number };

/** States and counter of SCardGetStatusChange [winscard.h of pcsc-lite]. */
const state = { unaware: 0, changed: 0x02, unknown: 0x04, unavailable: 0x08, present: 0x20 } as const;
/** Coming and going of cards is counted in the upper half of the state. */
const countOf = (now: number) => now >>> 16;

/** A question for changes ends by itself after so long: at the end of the process Node waits for it. */
const oneLook = 2000;

interface Open {
  command(bytes: Uint8Array): Promise<void>;
  /** Resolves once nothing waits for the service any more: a process that ends before then is aborted by the addon. */
  close(): Promise<void>;
}

const readers = new Map<number, Open>();
const tell = (report: Report) => parentPort?.postMessage(report, []);

parentPort?.on("message", (order: Order) => {
  if (order.is === "open") void open(order.id, order.match);
  else if (order.is === "command") void readers.get(order.id)?.command(order.bytes);
  else void close(order.id);
});

async function close(id: number): Promise<void> {
  await readers.get(id)?.close();
  readers.delete(id);
  tell({ is: "closed", id });
}

async function open(id: number, match: string): Promise<void> {
  const not = (kind: FaultKind, detail: string) => tell({ is: "not-opened", id, why: fault(kind, detail) });
  let smartcard: typeof Smartcard;
  try {
    smartcard = await import("smartcard");
  } catch {
    const cure = "apt install libpcsclite-dev pcscd g++ make python3, then npm ci once more";
    return not("no-device", `PC/SC readers are absent: package smartcard is not built here. To have them: ${cure}`);
  }
  // pcsc-lite keeps a context locked while it waits for changes: the cards need one of their own.
  let watching: Smartcard.ContextInterface;
  let talking: Smartcard.ContextInterface;
  let found: readonly Smartcard.ReaderInterface[];
  try {
    watching = new smartcard.Context();
    talking = new smartcard.Context();
    found = talking.listReaders().filter(({ name }) => name.includes(match));
  } catch (mistake) {
    const cure = "apt install pcscd, and let the user yizhan speak to it";
    return not("no-device", `the PC/SC service does not answer (${said(mistake)}): ${cure}`);
  }
  const [reader, second] = found;
  if (reader !== undefined && second === undefined) {
    readers.set(id, attend(id, smartcard, reader, watching, talking));
    return tell({ is: "opened", id, name: reader.name });
  }
  watching.close();
  talking.close();
  if (reader === undefined)
    return not("no-device", `no PC/SC reader${match === "" ? "" : ` named "${match}"`} is plugged in`);
  const names = found.map(({ name }) => `"${name}"`).join(" and ");
  not("misconfigured", `${found.length} PC/SC readers fit: ${names}. Set wiring.match to a part of one name`);
}

/** Tells of the cards of one reader, and passes commands to them. */
function attend(
  id: number,
  pcsc: typeof Smartcard,
  reader: Smartcard.ReaderInterface,
  watching: Smartcard.ContextInterface,
  talking: Smartcard.ContextInterface,
): Open {
  let card: Smartcard.CardInterface | undefined;
  let closed = false;
  let before = Promise.resolve();
  const word = (word: CardWord) => tell({ is: "word", id, word });

  const forget = () => {
    try {
      card?.disconnect(pcsc.SCARD_LEAVE_CARD);
    } catch {
      // It is gone with its card.
    }
    card = undefined;
  };

  const answer = async (bytes: Uint8Array) => {
    try {
      card ??= await reader.connect(pcsc.SCARD_SHARE_SHARED, pcsc.SCARD_PROTOCOL_T0 | pcsc.SCARD_PROTOCOL_T1);
      const answered = await card.transmit(Buffer.from(bytes));
      word({ is: "answer", bytes: Uint8Array.from(answered) });
    } catch (mistake) {
      forget();
      word({ is: "no-answer", why: whyNoAnswer(reader.name, said(mistake)) });
    }
  };

  const watch = async () => {
    let known: number = state.unaware;
    while (!closed) {
      const looked = await watching.waitForChange(
        [{ name: reader.name, state: known, changed: false, atr: null }],
        oneLook,
      );
      const now = looked?.[0];
      if (now === undefined) continue;
      if ((now.state & (state.unknown | state.unavailable)) !== 0) throw new Error("the reader was unplugged");
      const was = (known & state.present) !== 0;
      const is = (now.state & state.present) !== 0;
      const another = is && (!was || countOf(now.state) !== countOf(known));
      if (was && (!is || another)) {
        forget();
        word({ is: "gone" });
      }
      if (another) word({ is: "card", atr: Uint8Array.from(now.atr ?? []) });
      known = now.state & ~state.changed;
    }
  };

  const end = () => {
    closed = true;
    forget();
    try {
      watching.cancel();
      talking.close();
    } catch {
      // The service is gone.
    }
  };

  const attended = async () => {
    try {
      await watch();
    } catch (mistake) {
      if (closed) return;
      readers.delete(id);
      end();
      tell({ is: "lost", id, why: fault("no-device", `PC/SC reader "${reader.name}" is gone: ${said(mistake)}`) });
    } finally {
      watching.close();
    }
  };
  const over = attended();

  return {
    command: (bytes) => (before = before.then(() => answer(bytes))),
    async close() {
      end();
      await before;
      await over;
    },
  };
}

const said = (mistake: unknown) => (mistake instanceof Error ? mistake.message : String(mistake));

function whyNoAnswer(reader: string, reason: string): Fault {
  return /removed|no smart card|unpowered|unresponsive|reset/i.test(reason)
    ? fault("no-device", `the card left reader "${reader}" too soon`)
    : fault("refused", `PC/SC reader "${reader}" passed no command on: ${reason}`);
}
