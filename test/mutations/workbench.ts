import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Catcher, PlantedBug } from "./planted.ts";

const root = join(import.meta.dirname, "..", "..");
const own = ".work";
/** What the kiosk and its tests are made of. */
const needed = ["controller", "config", "devices", "docs", "protocol", "package.json", "vitest.config.ts"].concat(
  readdirSync(join(root, "test")).flatMap((part) => (part === own ? [] : join("test", part))),
);
/** A bug may make a test wait for ever; that is caught too. */
const patienceMs = 120_000;

export interface Seen {
  /** green: something was looked at and nothing found. broken: nothing could be looked at; the bug is no bug but a wreck. */
  readonly is: "red" | "green" | "broken";
  /** The last lines that the command said. */
  readonly said: string;
}

/** Days and tales name the one that went wrong; vitest counts. */
const foundWrong = /^(?:days|members|cabin|tales) \d+: |Tests .*\d+ failed/m;
const foundRight = /^(?:days|members|cabin|tales): all kept|Tests .*\d+ passed/m;
const colours = new RegExp(`${String.fromCodePoint(27)}\\[[0-9;]*m`, "g");

function seen(failed: boolean, out: string): Seen {
  const text = out.replaceAll(colours, "").trim();
  const is = failed && foundWrong.test(text) ? "red" : !failed && foundRight.test(text) ? "green" : "broken";
  return { is, said: text.split("\n").slice(-12).join("\n") };
}

/** A copy of the kiosk in which bugs are planted, one at a time, and looked for. */
export class Workbench {
  readonly #dir: string;

  constructor(name: string) {
    this.#dir = join(root, "test", own, "mutations", name);
    this.clear();
    mkdirSync(this.#dir, { recursive: true });
    for (const part of needed) cpSync(join(root, part), join(this.#dir, part), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(this.#dir, "node_modules"));
  }

  /** Plants a bug, runs what should see it, and takes the bug out again. Throws where the text is not there to be changed, once. */
  async plant({ file, find, put, caught }: PlantedBug): Promise<Seen> {
    const path = join(this.#dir, file);
    const sound = readFileSync(path, "utf8");
    const parts = sound.split(find);
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times this text, not once: ${find}`);
    writeFileSync(path, parts.join(put));
    try {
      return await this.run(caught);
    } finally {
      writeFileSync(path, sound);
    }
  }

  /** What should see bugs, run on the copy as it stands. */
  run(caught: Catcher): Promise<Seen> {
    if (typeof caught === "string") return this.#node("test/mutations/until-broken.ts", caught);
    return this.#vitest(caught.test, ...(caught.named ? ["-t", caught.named] : []));
  }

  /** Several files of tests in one go. */
  runAll(tests: readonly string[]): Promise<Seen> {
    return this.#vitest(...tests);
  }

  #vitest(...words: readonly string[]): Promise<Seen> {
    return this.#node("node_modules/vitest/vitest.mjs", "run", ...words);
  }

  #node(...words: readonly string[]): Promise<Seen> {
    return new Promise((resolve) => {
      execFile(process.execPath, words, { cwd: this.#dir, timeout: patienceMs }, (error, out, complaint) => {
        resolve(seen(error !== null, `${out}${complaint}`));
      });
    });
  }

  clear(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
