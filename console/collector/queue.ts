import type { Clock } from "../host/clock.ts";
import { isOurFault } from "../store/store.ts";

export interface QueueOptions<Work, Done> {
  readonly clock: Clock;
  /** Stores all of these in one transaction. */
  readonly commit: (works: readonly Work[]) => Promise<Done>;
  /** Called after the commit and never before. */
  readonly committed: (done: Done) => void;
  /** What the database will never take. */
  readonly hopeless: (work: Work, error: unknown) => Promise<void>;
  /** A sentence when the database does not answer, nothing when it does again. */
  readonly trouble: (sentence: string | undefined) => void;
}

/** One commit takes what waits, up to so much: more would only make its first member wait longer. */
const largestCommit = { works: 256, bytes: 4 * 1024 * 1024 } as const;
/** What may wait while the database does not answer. Kiosks keep what is not acknowledged, so that more is thrown away. */
const mayWait = 32 * 1024 * 1024;
/** A commit costs the disk one wait, however small; what also counts is the memory of a small thing. */
const overhead = 256;
/** Waits between trials of a database that does not answer, milliseconds. */
const trials = [100, 300, 1000, 3000, 5000] as const;

interface Waiting<Work> {
  readonly work: Work;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

type Attempt<Done> = { readonly ok: true; readonly done: Done } | { readonly ok: false; readonly error: unknown };

const attempt = <Done>(commit: () => Promise<Done>): Promise<Attempt<Done>> =>
  commit().then(
    (done) => ({ ok: true, done }),
    (error: unknown) => ({ ok: false, error }),
  );

export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Gathers what waits and commits it together, one commit at a time, until the database has taken it. */
export class Queue<Work extends { readonly bytes: number }, Done> {
  readonly #options: QueueOptions<Work, Done>;
  #waiting: Waiting<Work>[] = [];
  #bytes = 0;
  #running: Promise<void> | undefined;
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(options: QueueOptions<Work, Done>) {
    this.#options = options;
  }

  get isFull(): boolean {
    return this.#bytes >= mayWait;
  }

  /** Resolves when it is committed, or will never be. */
  add(work: Work): Promise<void> {
    if (this.#closed) return Promise.reject(new Error("The collector is closed."));
    this.#bytes += work.bytes + overhead;
    const done = new Promise<void>((resolve, reject) => this.#waiting.push({ work, resolve, reject }));
    this.#running ??= this.#run();
    return done;
  }

  /** What waits is still tried once; then those who wait are told that it was not stored. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wake?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    // All that arrives in this turn of the event loop goes into the first commit.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const taken = this.#take();
      await this.#store(taken, this.#options.commit);
      for (const { work } of taken) this.#bytes -= work.bytes + overhead;
    }
    this.#running = undefined;
  }

  #take(): readonly Waiting<Work>[] {
    let bytes = 0;
    let n = 0;
    for (const { work } of this.#waiting) {
      bytes += work.bytes;
      if (n > 0 && (n >= largestCommit.works || bytes > largestCommit.bytes)) break;
      n += 1;
    }
    return this.#waiting.splice(0, n);
  }

  async #store(taken: readonly Waiting<Work>[], commit: QueueOptions<Work, Done>["commit"]): Promise<void> {
    const { committed, hopeless, trouble } = this.#options;
    for (let trial = 0; ; trial += 1) {
      const tried = await attempt(() => commit(taken.map(({ work }) => work)));
      if (tried.ok) {
        if (trial > 0) trouble(undefined);
        committed(tried.done);
        for (const { resolve } of taken) resolve();
        return;
      }
      const [only, ...others] = taken;
      if (isOurFault(tried.error) && others.length > 0) {
        for (const one of taken) await this.#store([one], commit);
        return;
      }
      if (isOurFault(tried.error) && only !== undefined) {
        // The refusal is counted in memory; whether the alarm could be written changes nothing.
        await hopeless(only.work, tried.error).catch(() => {});
        only.resolve();
        return;
      }
      if (this.#closed) {
        for (const { reject } of taken) reject(new Error("The collector was closed before this was stored."));
        return;
      }
      trouble(
        `The database does not take what kiosks send: ${sentenceOf(tried.error)}. Nothing is lost, it stays in the kiosks. Look after the database.`,
      );
      await this.#pause(trials[Math.min(trial, trials.length - 1)] ?? 0);
    }
  }

  #pause(span: number): Promise<void> {
    return new Promise((resolve) => {
      const wait = this.#options.clock.after(span, "collector: database", resolve);
      this.#wake = () => (wait.cancel(), resolve());
    });
  }
}
