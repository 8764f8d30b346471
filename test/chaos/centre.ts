import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../kit/broker.ts";
import type { Overview } from "../../console/collector/status.ts";
import { ended, root } from "../real/children.ts";
import { yizhan, type Answer } from "../real/street.ts";

export interface CentreOptions {
  readonly broker: string;
  readonly database: string;
  readonly hostId?: string;
  /** Another centre's data folder, so that both have its keys. */
  readonly folder?: string;
}

/** As systemd waits before it starts a service again. Milliseconds. */
const startedAgain = 300;

/** `yizhan centre run` in a process of its own, with somebody who starts it again where it could not start. */
export class Centre {
  readonly #options: CentreOptions;
  readonly folder: string;
  #child: ChildProcess | undefined;
  #said = "";
  /** How it ended without being told to, after it had once run: never, or it is a bug. */
  readonly falls: string[] = [];

  private constructor(options: CentreOptions) {
    this.#options = options;
    this.folder = options.folder ?? mkdtempSync(join(tmpdir(), "yizhan-centre-"));
  }

  static async start(options: CentreOptions): Promise<Centre> {
    const centre = new Centre(options);
    process.once("exit", () => centre.#child?.kill("SIGKILL"));
    centre.run();
    await eventually(() => centre.said.includes('"broker.found"'), "the centre at its broker", 60_000);
    return centre;
  }

  /** All that every process of it printed. */
  get said(): string {
    return this.#said;
  }

  /** Starts it, and again as long as it does not get as far as running. */
  run(): void {
    const { broker, database, hostId } = this.#options;
    const words = ["centre", "run", "--data", this.folder, "--broker", broker, "--database", database];
    const child = spawn(
      process.execPath,
      ["controller/yizhan.mjs", ...words, ...(hostId === undefined ? [] : ["--host-id", hostId])],
      { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
    );
    this.#child = child;
    let runs = false;
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (text: Buffer) => {
        this.#said = (this.#said + text.toString()).slice(-500_000);
        runs ||= text.includes('"centre.runs"');
      });
    child.once("exit", (code, signal) => {
      if (this.#child !== child) return;
      if (runs) this.falls.push(`The centre ended by itself with ${signal ?? code}: ${this.#said.slice(-2000)}`);
      void sleep(startedAgain).then(() => this.#child === child && this.run());
    });
  }

  /** Ends it at once. It stays away until `run`. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child) await ended(child, "SIGKILL");
  }

  /** Enters a kiosk, as the staff do. */
  async adds(id: string, group = "local"): Promise<void> {
    const { broker, database } = this.#options;
    const words = ["--data", this.folder, "--database", database, "--out", join(this.folder, "out", id)];
    const added = await yizhan("centre", "kiosk", "add", id, "--group", group, "--server", broker, ...words);
    if (added.code !== 0) throw new Error(added.complaint);
  }

  /** What `yizhan centre status` prints of this centre's database. */
  status(): Promise<Answer> {
    return yizhan("centre", "status", "--data", this.folder, "--database", this.#options.database);
  }

  /** The same for programs. */
  async overview(): Promise<Overview> {
    const place = ["--data", this.folder, "--database", this.#options.database];
    const { out, complaint } = await yizhan("centre", "status", ...place, "--json");
    if (out === "") throw new Error(complaint);
    return JSON.parse(out) as Overview;
  }

  /** Ends it as told, and takes its folder away. */
  async end(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child) await ended(child, "SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
