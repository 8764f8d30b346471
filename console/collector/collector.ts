import { batchBounds, readBatch } from "../../protocol/events/batch.ts";
import { writeAck } from "../../protocol/events/ack.ts";
import { topicsOf, type UpAddress } from "../../protocol/fleet/topics.ts";
import type { Clock } from "../host/clock.ts";
import type { Loss, Sighting } from "../host/sighting.ts";
import { raise } from "../store/alarms.ts";
import type { Asking, Store } from "../store/store.ts";
import { Gaps, type Answer } from "./gaps.ts";
import type { Arrived } from "./lives.ts";
import { isKioskName } from "./names.ts";
import { Pulse } from "./pulse.ts";
import { Queue } from "./queue.ts";
import { Refusals, type Refusal } from "./refusals.ts";
import { noteDown, readNote, type Note } from "./results.ts";
import { takeIn, welcome, type Standing } from "./taking.ts";
import { Telemetry } from "./telemetry.ts";

export interface CollectorOptions {
  /** Of this centre among those that share the database; "centre". */
  readonly name?: string;
  readonly store: Store;
  readonly clock: Clock;
  /** Hands a message to the broker; may reject where there is none. Must not throw. */
  readonly publish: (message: AckMessage) => void | Promise<void>;
  /** Registers a kiosk that nobody knows when it is first heard: for a demonstration. */
  readonly acceptAll?: boolean;
  /**
   * How long what is missing may still be on its way, in milliseconds: several collectors with one subscription see
   * the batches of a kiosk in any order.
   */
  readonly gapPatience?: number;
  /** Told with a sentence when the database does not answer, and with nothing when it does again. */
  readonly trouble?: (sentence: string | undefined) => void;
}

export interface AckMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 1;
  readonly retain: true;
}

export interface Tally {
  /** Events, commits and acknowledgements since the start. */
  readonly events: number;
  readonly commits: number;
  readonly acks: number;
  readonly refused: number;
  readonly forked: number;
}

export interface Collector {
  /**
   * A message that a kiosk sent up. Resolves when what it says is committed, or refused and counted: then the broker
   * may hear that it was taken. Rejects when the collector is closed before.
   */
  heard(address: UpAddress, payload: Uint8Array): Promise<void>;
  /** What the Sparkplug host application saw. It is stored a moment later. */
  sighted(sighting: Sighting): void;
  /** The centre lost a broker, or has it again. */
  lost(loss: Loss): void;
  regained(server: string): void;
  /** Resolves when all that was sighted so far is stored. */
  stored(): Promise<void>;
  readonly tally: Tally;
  close(): Promise<void>;
}

type Work =
  | { readonly is: "batch"; readonly arrived: Arrived; readonly bytes: number }
  | { readonly is: "note"; readonly note: Note; readonly bytes: number }
  /** Kiosks with a gap are looked at again. */
  | { readonly is: "revisit"; readonly kiosks: readonly string[]; readonly bytes: number };

interface Done {
  readonly standings: readonly Standing[];
  readonly refused: readonly {
    readonly kiosk: string;
    readonly what: "ev" | "res" | "reported";
    readonly reason: Refusal;
  }[];
}

export async function openCollector(options: CollectorOptions): Promise<Collector> {
  const { name = "centre", store, clock, publish, acceptAll = false, gapPatience = 1000, trouble = () => {} } = options;
  const refusals = new Refusals();
  const tally = { events: 0, commits: 0, acks: 0, forked: 0 };
  const now = () => clock.wall().utc;

  const commit = async (works: readonly Work[]): Promise<Done> => {
    const done = await store.transaction((within) => storeAll(within, works));
    tally.commits += 1;
    return done;
  };

  const storeAll = async (within: Asking, works: readonly Work[]): Promise<Done> => {
    const arrived = works.flatMap((work) => (work.is === "batch" ? [work.arrived] : []));
    const revisit = works.flatMap((work) => (work.is === "revisit" ? work.kiosks : []));
    const notes = works.flatMap((work) => (work.is === "note" ? [work.note] : []));
    const { standings, refused } =
      arrived.length + revisit.length > 0
        ? await takeIn(within, arrived, now(), { acceptAll }, revisit)
        : { standings: [], refused: [] };
    const denied: Done["refused"][number][] = refused.map(({ arrived: { kiosk }, reason }) => ({
      kiosk,
      what: "ev",
      reason,
    }));
    if (acceptAll && notes.length > 0) await welcome(within, notes, now());
    for (const note of notes) {
      const reason = await noteDown(within, note, now());
      const what = note.is === "result" ? "res" : "reported";
      if (reason !== undefined) denied.push({ kiosk: note.kiosk, what, reason });
    }
    return { standings, refused: denied };
  };

  /** Only called with what is committed. */
  const acknowledge = ({ standings, refused }: Done): void => {
    for (const { kiosk, what, reason } of refused)
      refusals.count(reason === "unknown-kiosk" ? "" : kiosk, what, reason, now());
    for (const standing of standings) {
      tally.events += standing.fresh;
      tally.forked += standing.forked;
      const answer = gaps.answerTo(standing);
      if (answer !== undefined) say(standing, answer);
    }
  };

  /** Acknowledgements leave in the order of the commits; nobody waits for them to arrive. */
  const say = ({ group, kiosk, life, upTo, hash }: Standing, answer: Answer): void => {
    const payload = writeAck({ life, upTo, hash, ...answer });
    const message: AckMessage = { topic: topicsOf(group, kiosk).ack, payload, qos: 1, retain: true };
    tally.acks += 1;
    // The broker is gone: the kiosk sends again what it holds for unconfirmed, and is answered then.
    Promise.resolve(publish(message)).catch(() => {});
  };

  /** What the database will never take is refused, so that it does not hold up all others. */
  const hopeless = async (work: Work, error: unknown): Promise<void> => {
    const example = error instanceof Error ? error.message : String(error);
    if (work.is === "revisit") return;
    const { kiosk } = work.is === "batch" ? work.arrived : work.note;
    refusals.count(
      kiosk,
      work.is === "batch" ? "ev" : work.note.is === "result" ? "res" : "reported",
      "database",
      now(),
      example,
    );
    if (work.is !== "batch") return;
    const detail = `Entries of life ${work.arrived.batch.life} from ${work.arrived.batch.from} on cannot be stored: ${example}`;
    await store.transaction((within) => raise(within, { kiosk, what: "unreadable", level: 1, detail, at: now() }));
  };

  const queue = new Queue<Work, Done>({ clock, commit, committed: acknowledge, hopeless, trouble });
  const gaps = new Gaps(clock, gapPatience, (kiosks) => queue.add({ is: "revisit", kiosks, bytes: 0 }));
  const telemetry = new Telemetry({ store, clock, acceptAll, refusals });
  const pulse = new Pulse({ name, store, clock, refusals });
  const left = await store.query<{ kiosk: string }>("SELECT DISTINCT kiosk FROM waiting ORDER BY kiosk");
  gaps.expect(left.map(({ kiosk }) => kiosk));
  await pulse.start();

  const read = (address: UpAddress, payload: Uint8Array): Work | undefined => {
    const { kiosk, group, what } = address;
    const bytes = payload.length;
    const refuse = (reason: Refusal, example = "") => {
      refusals.count(isKioskName(kiosk) ? kiosk : "", what, reason, now(), example);
      return undefined;
    };
    if (!isKioskName(kiosk)) return refuse("unknown-kiosk");
    if (queue.isFull) return refuse("busy");
    if (what === "log") return undefined;
    if (what !== "ev") {
      const note = readNote(what, kiosk, group, payload);
      return note.ok ? { is: "note", note: note.note, bytes } : refuse(note.reason, note.example);
    }
    if (bytes > batchBounds.bytes) return refuse("too-large");
    const batch = readBatch(payload);
    if (!batch.ok) return refuse("wrong-form", batch.error.join(" "));
    return { is: "batch", arrived: { kiosk, group, batch: batch.value, payload }, bytes };
  };

  return {
    async heard(address, payload) {
      const work = read(address, payload);
      if (work !== undefined) await queue.add(work);
    },
    sighted: (sighting) => telemetry.sighted(sighting),
    lost: (loss) => pulse.lost(loss),
    regained: (server) => pulse.regained(server),
    stored: () => telemetry.stored(),
    get tally() {
      return { ...tally, refused: refusals.total };
    },
    async close() {
      gaps.close();
      await queue.close();
      await telemetry.close();
      await pulse.close();
    },
  };
}
