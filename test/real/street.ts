import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { Cable } from "./cable.ts";
import { ended, root } from "./children.ts";
import { readJournal, type Journal } from "./journal.ts";
import { Kiosk } from "./kiosk.ts";
import { makeStation, type Folder, type Model } from "./station.ts";

/** A simulated machine in a process of its own. */
export class Machine {
  readonly socket: string;
  readonly #child: ChildProcess;
  readonly #answers: Interface;
  readonly #journal: string;

  private constructor(child: ChildProcess, answers: Interface, socket: string, journal: string) {
    this.#child = child;
    this.#answers = answers;
    this.socket = socket;
    this.#journal = journal;
  }

  /** `profile`: of config/profiles, or "noise". */
  static async start(profile: string, options: object, folder: Folder): Promise<Machine> {
    const socket = join(folder.path, `${profile}.socket`);
    const journal = join(folder.path, `${profile}.journal`);
    const words = ["test/real/machine.ts", profile, JSON.stringify(options), socket, journal, folder.data];
    const child = spawn(process.execPath, words, { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
    const answers = createInterface({ input: child.stdout });
    await once(answers, "line");
    return new Machine(child, answers, socket, journal);
  }

  async turn(knob: string, to: string | number | boolean): Promise<void> {
    const turned = once(this.#answers, "line");
    this.#child.stdin?.write(`${JSON.stringify({ knob, to })}\n`);
    await turned;
  }

  journal(): Journal {
    return readJournal(this.#journal);
  }

  end(): Promise<void> {
    return ended(this.#child, "SIGTERM");
  }
}

const standing = new Set<Street>();

/** Ends whatever a test left standing, also one that failed half-way. */
export async function endStreets(): Promise<void> {
  await Promise.all([...standing].map((street) => street.end()));
}

/** A station with its machine, the cable between them, and every kiosk that was ever started there. */
export class Street {
  readonly folder: Folder;
  readonly machine: Machine;
  readonly cable: Cable;
  readonly kiosks: Kiosk[] = [];
  readonly #others: Machine[] = [];
  #next = 0;

  private constructor(folder: Folder, machine: Machine, cable: Cable) {
    this.folder = folder;
    this.machine = machine;
    this.cable = cable;
  }

  /** With the machine plugged in. */
  static async lay(model: Model, data?: string): Promise<Street> {
    const street = await Street.unplugged(model, model, data);
    await street.cable.plug(street.machine.socket);
    return street;
  }

  /** `configured`: the machine that the station file names; it need not be the one that stands there. */
  static async unplugged(configured: Model, model: Model = configured, data?: string): Promise<Street> {
    const folder = await makeStation(configured, data);
    const machine = await Machine.start(model.profile, model.options, folder);
    const street = new Street(folder, machine, new Cable(folder.wire));
    standing.add(street);
    return street;
  }

  /** Another machine of the same street, such as one that only makes noise. */
  async another(profile: Model["profile"] | "noise", options: object): Promise<Machine> {
    const machine = await Machine.start(profile, options, this.folder);
    this.#others.push(machine);
    return machine;
  }

  /** `more`: further words of `yizhan run`. `before`: words before it. */
  async boot(more: readonly string[] = [], before: readonly string[] = []): Promise<Kiosk> {
    const kiosk = await Kiosk.start(this.folder, undefined, more, before);
    this.kiosks.push(kiosk);
    if (standing.has(this)) return kiosk;
    await kiosk.kill();
    throw new Error("this street has been cleared");
  }

  /** A code that nobody has typed yet. */
  freshCode(): string {
    const code = this.folder.codes[this.#next++];
    if (code === undefined) throw new Error("all codes of today are used");
    return code;
  }

  async end(): Promise<void> {
    if (!standing.delete(this)) return;
    await Promise.all(this.kiosks.map((kiosk) => kiosk.kill()));
    await this.cable.unplug();
    await Promise.all([this.machine, ...this.#others].map((machine) => machine.end()));
    this.folder.remove();
  }
}

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly complaint: string;
}

/** A command of the kiosk that ends by itself. */
export const yizhan = (...words: readonly string[]): Promise<Answer> =>
  new Promise((settle) => {
    const child = execFile(process.execPath, ["controller/yizhan.mjs", ...words], { cwd: root }, (_, out, complaint) =>
      settle({ code: child.exitCode ?? -1, out, complaint }),
    );
  });
