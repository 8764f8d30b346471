import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { vi } from "vitest";
import { ended, patience } from "./children.ts";

/** A serial adapter as the kiosk sees it: a pseudo-terminal that comes and goes. Its other end is a machine's socket. */
export class Cable {
  readonly #path: string;
  #socat: ChildProcess | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Plugs the kiosk's end into the machine that listens at `socket`. */
  async plug(socket: string): Promise<void> {
    this.#socat = spawn("socat", [`pty,raw,echo=0,link=${this.#path}`, `unix-connect:${socket}`], { stdio: "ignore" });
    await vi.waitUntil(() => existsSync(this.#path), patience);
  }

  async unplug(): Promise<void> {
    if (this.#socat) await ended(this.#socat, "SIGTERM");
    this.#socat = undefined;
    rmSync(this.#path, { force: true });
  }
}
