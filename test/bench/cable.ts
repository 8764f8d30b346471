import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rest } from "./statistics.ts";

/** The far end of a pseudo-terminal, in this process. */
export interface Cable {
  says(bytes: Uint8Array): void;
  /** What the kiosk says is given to `sink` from now on. */
  heard(sink: (bytes: Uint8Array) => void): void;
  end(): Promise<void>;
}

/** `near`: where the kiosk's end of the line comes out. */
export async function layCable(near: string): Promise<Cable> {
  const cable = spawn("socat", [`pty,raw,echo=0,link=${near}`, "stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  while (!existsSync(near)) await rest(5);
  cable.stdout.resume();
  return {
    says: (bytes) => void cable.stdin.write(bytes),
    heard: (sink) => void cable.stdout.on("data", sink),
    async end() {
      const gone = once(cable, "exit");
      cable.kill("SIGTERM");
      await gone;
    },
  };
}
