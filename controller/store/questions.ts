import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { err, type Result } from "../../devices/kit/result.ts";
import type { Answers, Ask } from "./worker.ts";

type Answered = Result<Answers[Ask["ask"]], string>;

/** Questions to the disk's thread. They are answered in the order asked, and all of them are: if the thread ends, with a sentence. */
export class Questions {
  readonly #thread: Worker;
  readonly #open: ((answer: Answered) => void)[] = [];
  /** Why no question can be asked any more. */
  #ended: string | undefined;

  constructor(thread: Worker, dir: string) {
    this.#thread = thread;
    thread.on("message", (answer: Answered) => this.#open.shift()?.(answer));
    thread.on("error", (error) => {
      this.#ended = `The thread that writes the ledger in ${dir} ended (${String(error)}). Restart the kiosk.`;
    });
    thread.on("exit", () => {
      this.#ended ??= `The ledger in ${dir} is closed.`;
      const ended = err(this.#ended);
      for (const settle of this.#open.splice(0)) settle(ended);
    });
  }

  async ask<A extends Ask>(asked: A): Promise<Result<Answers[A["ask"]], string>> {
    if (this.#ended !== undefined) return err(this.#ended);
    const answered = await new Promise<Answered>((settle) => {
      this.#open.push(settle);
      this.#thread.postMessage(asked, []);
    });
    return answered as Result<Answers[A["ask"]], string>;
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    const gone = once(this.#thread, "exit");
    await this.ask({ ask: "close" });
    await gone;
  }
}
