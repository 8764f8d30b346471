import { Worker } from "node:worker_threads";
import { fault, type Fault } from "../kit/fault.ts";
import type { CardPort, CardWord, Sink } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Order, Report } from "./pcsc-thread.ts";

export interface CardWiring {
  /** A part of the reader's name; empty: the one that is there. */
  readonly match: string;
}

type OpenCards = Result<{ readonly port: CardPort; close(): Promise<void> }>;

/** One thread serves all readers, from the first opening to the end of the process. */
interface Service {
  order(order: Order): void;
  /** From now on reports of this opening are heard by `report`. */
  hear(id: number, report: (report: Report) => void): void;
  forget(id: number): void;
  /** Why it ended; it is not begun again. */
  ended(): Fault | undefined;
}
let service: Service | undefined;
let openings = 0;

/** Opens a PC/SC reader. Absent package, absent service and absent reader are `no-device`; the kiosk runs without. */
export async function openCards({ match }: CardWiring): Promise<OpenCards> {
  const { order, hear, forget, ended } = (service ??= begin());
  const over = ended();
  if (over) return err(over);
  const id = (openings += 1);
  return new Promise((resolve) => {
    hear(id, (report) => {
      if (report.is === "opened") return resolve(ok(attach(id, report.name, { order, hear, forget, ended })));
      forget(id);
      resolve(err(report.is === "not-opened" || report.is === "lost" ? report.why : fault("no-device", "closed")));
    });
    order({ is: "open", id, match });
  });
}

function begin(): Service {
  const hears = new Map<number, (report: Report) => void>();
  let over: Fault | undefined;
  const thread = new Worker(new URL("./pcsc-thread.ts", import.meta.url), { name: "pcsc" });
  thread.on("message", (report: Report) => hears.get(report.id)?.(report));
  thread.on("error", (mistake) => {
    over = fault("no-device", `the PC/SC thread ended (${mistake.message}): restart the kiosk`);
    for (const [id, report] of hears) report({ is: "lost", id, why: over });
  });
  return {
    order: (order) => thread.postMessage(order, []),
    hear(id, report) {
      hears.set(id, report);
      thread.ref();
    },
    // The thread alone does not keep the process alive.
    forget(id) {
      hears.delete(id);
      if (hears.size === 0) thread.unref();
    },
    ended: () => over,
  };
}

function attach(id: number, name: string, { order, hear, forget }: Service) {
  const label = `PC/SC reader "${name}"`;
  const sinks = new Set<Sink<CardWord>>();
  let gone: Fault | undefined;
  let here: CardWord | undefined;
  let open = true;
  let closed = () => {};

  const lose = (why: Fault) => {
    if (gone) return;
    gone = why;
    for (const sink of sinks) sink.lost(why);
    sinks.clear();
  };
  hear(id, (report) => {
    if (report.is === "word") {
      if (report.word.is === "card") here = report.word;
      if (report.word.is === "gone") here = undefined;
      for (const sink of sinks) sink.heard(report.word);
      return;
    }
    open = false;
    forget(id);
    if (report.is === "lost") lose(report.why);
    closed();
  });

  const port: CardPort = {
    label,
    async send(bytes) {
      if (gone) return err(gone);
      order({ is: "command", id, bytes });
      return ok(undefined);
    },
    listen(sink) {
      if (gone) sink.lost(gone);
      else sinks.add(sink);
      // A card that lay on the reader before anybody listened.
      if (here !== undefined && sinks.has(sink)) sink.heard(here);
      return { stop: () => void sinks.delete(sink) };
    },
  };

  const close = () =>
    new Promise<void>((resolve) => {
      lose(fault("no-device", `${label} was closed`));
      if (!open) return resolve();
      closed = resolve;
      order({ is: "close", id });
    });
  return { port, close };
}
