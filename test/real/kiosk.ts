import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { vi } from "vitest";
import type { Refusal } from "../../controller/screen/model.ts";
import { chinese } from "../../controller/screen/text.zh-CN.ts";
import { ended, freePort, patience, root } from "./children.ts";

/** A line of the log, as journald would keep it. */
export interface LogLine {
  readonly msg: string;
  readonly [fact: string]: unknown;
}

/** What the glass shows: "idle", "enter", …, or the id of a refusal, also of one that closes the first screen. */
export interface Glass {
  readonly shows: string;
  readonly html: string;
}

const dark: Glass = { shows: "dark", html: "" };

/** `yizhan run` in a process of its own, with a page at its feed. */
export class Kiosk {
  readonly #child: ChildProcess;
  readonly #port: number;
  readonly #watching = new AbortController();
  glass: Glass = dark;
  /** Everything it said on stdout and stderr. */
  said = "";
  complaint = "";
  readonly log: LogLine[] = [];
  /** Every reference that stood on its glass. */
  readonly refs = new Set<string>();
  /** What it showed of a vend that was cut off, with the reference. */
  readonly greetings: { readonly shows: string; readonly ref: string }[] = [];

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.#port = port;
    if (child.stdout === null || child.stderr === null) throw new Error("the kiosk has no pipes");
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.said += `${line}\n`;
      if (line.startsWith("{")) this.log.push(JSON.parse(line) as LogLine);
    });
    child.stderr.on("data", (text: Buffer) => {
      this.said += text.toString();
      this.complaint += text.toString();
    });
    void this.#watch();
  }

  /** `more`: further words of the command, such as --broker. `before`: words before it, such as those of clock.ts. */
  static async start(
    folder: { readonly config: string; readonly data: string },
    port?: number,
    more: readonly string[] = [],
    before: readonly string[] = [],
  ): Promise<Kiosk> {
    const door = port ?? (await freePort());
    const words = ["run", "--config", folder.config, "--data", folder.data, "--port", String(door), ...more];
    const [program = "", ...rest] = [...before, process.execPath, "controller/yizhan.mjs", ...words];
    const child = spawn(program, rest, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new Kiosk(child, door);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get port(): number {
    return this.#port;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** As the page does: takes each screen, and says that it is painted. */
  async #watch(): Promise<void> {
    while (this.running && !this.#watching.signal.aborted) {
      await this.#feed().catch(() => {});
      this.glass = dark;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async #feed(): Promise<void> {
    const response = await fetch(this.#at("/feed"), { signal: this.#watching.signal });
    let text = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const events = text.split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const [, data] = /^event: screen\ndata: (.*)$/m.exec(event) ?? [];
        if (data === undefined) continue;
        const { revision, html } = JSON.parse(data) as { revision: number; html: string };
        this.#look(html);
        void this.#post("/painted", { revision });
      }
    }
  }

  #look(html: string): void {
    this.glass = { shows: shownBy(html), html };
    for (const [, ref = ""] of html.matchAll(/>([0-9A-Z]{6})</g)) {
      this.refs.add(ref);
      if (["E11", "E23b"].includes(this.glass.shows)) this.greetings.push({ shows: this.glass.shows, ref });
    }
  }

  #at(path: string): string {
    return `http://127.0.0.1:${this.#port}${path}`;
  }

  /** False where nobody heard it. */
  async #post(path: string, said: object): Promise<boolean> {
    const answer = await fetch(this.#at(path), { method: "POST", body: JSON.stringify(said) }).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => {});
    return answer?.status === 204;
  }

  press(key: string): Promise<boolean> {
    return this.#post("/press", { key });
  }

  async type(code: string): Promise<void> {
    for (const digit of code) await this.press(digit);
  }

  /** Waits until the glass shows one of these. */
  async until(...shows: readonly string[]): Promise<string> {
    return this.untilTrue(() => shows.includes(this.glass.shows), `the glass shows ${shows.join(" or ")}`);
  }

  async untilTrue(condition: () => boolean, what: string, timeout: number = patience.timeout): Promise<string> {
    const { interval } = patience;
    const met = (): boolean => condition() || !this.running;
    await vi.waitUntil(met, { timeout, interval }).catch(() => {});
    if (condition()) return this.glass.shows;
    const end = `never, for the kiosk has ended by ${this.#child.signalCode ?? this.#child.exitCode}`;
    const how = this.running ? `not within ${timeout} ms` : end;
    throw new Error(`${what}: ${how}. The glass shows ${this.glass.shows}; the kiosk said:\n${this.said}`);
  }

  /** Waits for a line of the log. */
  async hear(msg: string, fact: (line: LogLine) => boolean = () => true): Promise<LogLine> {
    const find = (): LogLine | undefined => this.log.findLast((line) => line.msg === msg && fact(line));
    await this.untilTrue(() => find() !== undefined, `the log says ${msg}`);
    return find() ?? { msg };
  }

  /** The power goes. */
  async kill(): Promise<void> {
    this.#watching.abort();
    await ended(this.#child, "SIGKILL");
  }

  /** Tells it to stop, and waits for its exit code. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number> {
    this.#child.kill(signal);
    return this.exit();
  }

  /** Its exit code, once it has ended by itself. */
  async exit(): Promise<number> {
    if (this.running) await once(this.#child, "exit");
    this.#watching.abort();
    return this.#child.exitCode ?? -1;
  }
}

const closedBy: Readonly<Record<string, Refusal>> = { E10: { id: "E10" }, E21: { id: "E21" }, E8b: { id: "E8b" } };
const place = { phone: "400 000 0000", reads: [] } as const;
const headlines = new Map(
  Object.entries(closedBy).map(([id, refusal]) => {
    const say = chinese.refusal[refusal.id] as (refusal: Refusal, where: typeof place) => { readonly headline: string };
    return [say(refusal, place).headline, id];
  }),
);

function shownBy(html: string): string {
  const [, refusal] = /data-refusal="(\w+)"/.exec(html) ?? [];
  if (refusal !== undefined) return refusal;
  const [, headline = ""] = /<h1>([^<]*)<\/h1>/.exec(html) ?? [];
  const [, is = "unreadable"] = /<main class="screen \S+ (\w+)"/.exec(html) ?? [];
  return is === "idle" ? (headlines.get(headline) ?? "idle") : is;
}
