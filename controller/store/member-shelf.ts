import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { good, type Judged } from "../../protocol/pickup-code/judged.ts";
import { makeNamesDurable } from "./aside.ts";
import { judgeRows, type MemberFile } from "./member-file.ts";
import { readIndex, type MemberIndex } from "./member-index.ts";
import { writeWhole } from "./secret-file.ts";
import { sentenceOf } from "./trouble.ts";

/** Nobody but the kiosk reads who its members are, although they are keyed hashes. */
const ownerOnly = 0o600;

/** A list whose rows were judged, and the file that is read from now on. */
export interface Shelved {
  readonly path: string;
  readonly index: MemberIndex;
  /** Why it could not be copied, so that it is read where it lies. */
  readonly notKept?: string;
}

/**
 * The member lists that a kiosk keeps, in members/ of its data folder: of each id the one in force, the one before it, and
 * an index by which the rows are known to be judged already. All bytes of a list are copied, for the folder from which it
 * came may be a stick that is pulled out.
 */
export class MemberShelf {
  readonly #folder: string;
  readonly #kioskKey: Uint8Array;
  readonly #writes: boolean;

  /** `reads only`: new lists are read where they lie. */
  constructor(dataFolder: string, kioskKey: Uint8Array, may: "writes" | "reads only") {
    this.#folder = join(dataFolder, "members");
    this.#kioskKey = kioskKey;
    this.#writes = may === "writes";
  }

  /** Ids of what is kept. */
  ids(): readonly string[] {
    try {
      const names = readdirSync(this.#folder).map((name) => /^([A-Za-z0-9-]+)(\.before)?\.members$/.exec(name)?.[1]);
      return [...new Set(names.filter((id) => id !== undefined))].sort();
    } catch {
      return []; // nothing was ever kept
    }
  }

  /** What is kept of an id, the one in force first. */
  kept(id: string): readonly string[] {
    return [this.#now(id), this.#before(id)].filter((path) => existsSync(path));
  }

  /** The index of a kept list: as it was made when the list was taken, else by reading all rows once more. */
  async indexOf(file: MemberFile): Promise<Judged<MemberIndex>> {
    const { id, sig, rows } = file.list;
    try {
      const known = readIndex(readFileSync(this.#index(id)), { sig, count: rows.count }, this.#kioskKey);
      if (known) return good(known);
    } catch {
      // The index can always be made again.
    }
    const judged = await judgeRows(file);
    if (judged.ok) this.#keepIndex(file, judged.value);
    return judged;
  }

  /** The rows of a kept list were found changed: at the next start they are judged again. */
  distrust(id: string): void {
    this.#quietly(() => rmSync(this.#index(id), { force: true }));
  }

  /** Judges the rows of a new list and takes it in. `sound`: the file of the list that was in force until now, which stays as the generation before. */
  async take(file: MemberFile, sound?: string): Promise<Judged<Shelved>> {
    const judged = await judgeRows(file);
    if (!judged.ok) return judged;
    const { id } = file.list;
    const inPlace = (notKept?: string): Judged<Shelved> =>
      good({ path: file.path, index: judged.value, ...(notKept === undefined ? {} : { notKept }) });
    if (!this.#writes) return inPlace();
    const keepsNow = sound === this.#now(id);
    // What gives way goes first, so that never more than two generations lie on the card.
    this.#quietly(() => rmSync(keepsNow ? this.#before(id) : this.#now(id), { force: true }));
    const copied = await this.#copy(file);
    const why = copied ?? this.#putInForce(file, judged.value, keepsNow);
    if (why === undefined) return good({ path: this.#now(id), index: judged.value });
    this.#quietly(() => rmSync(this.#draft(id), { force: true }));
    return inPlace(why);
  }

  /** Lets go of copies that a power cut left half written. */
  tidy(): void {
    this.#quietly(() => {
      for (const name of existsSync(this.#folder) ? readdirSync(this.#folder) : [])
        if (name.endsWith(".new")) rmSync(join(this.#folder, name));
    });
  }

  /** Lets go of the rows of a list that ended for good. Its own file stays, for it says so. */
  erase(id: string): void {
    this.#quietly(() => {
      const left = [this.#before(id), this.#index(id), this.#draft(id)].filter((path) => existsSync(path));
      for (const path of left) rmSync(path);
      if (left.length > 0) makeNamesDurable(this.#folder);
    });
  }

  readonly #now = (id: string): string => join(this.#folder, `${id}.members`);
  readonly #before = (id: string): string => join(this.#folder, `${id}.before.members`);
  readonly #draft = (id: string): string => join(this.#folder, `${id}.new`);
  readonly #index = (id: string): string => join(this.#folder, `${id}.index`);

  /** Copies a judged list, looking at each byte once more. @returns why there is no copy. */
  async #copy(file: MemberFile): Promise<string | undefined> {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const draft = await open(this.#draft(file.list.id), "w", ownerOnly);
      try {
        const judged = await judgeRows(file, (bytes) => draft.writeFile(bytes));
        await draft.sync();
        return judged.ok ? undefined : judged.error.join(" ");
      } finally {
        await draft.close();
      }
    } catch (thrown) {
      return sentenceOf(thrown, this.#folder);
    }
  }

  /** A power cut in between leaves the list before in force; the new one is taken at the next start. */
  #putInForce({ list }: MemberFile, index: MemberIndex, keepsNow: boolean): string | undefined {
    const { id, sig } = list;
    try {
      if (keepsNow) renameSync(this.#now(id), this.#before(id));
      renameSync(this.#draft(id), this.#now(id));
      makeNamesDurable(this.#folder);
      writeWhole(this.#index(id), index.written(sig, this.#kioskKey), ownerOnly);
      return undefined;
    } catch (thrown) {
      return sentenceOf(thrown, this.#folder);
    }
  }

  #keepIndex({ list: { id, sig } }: MemberFile, index: MemberIndex): void {
    this.#quietly(() => writeWhole(this.#index(id), index.written(sig, this.#kioskKey), ownerOnly));
  }

  /** What is done here is done again at the next start where it failed. */
  #quietly(work: () => void): void {
    if (!this.#writes) return;
    try {
      work();
    } catch {
      // The folder may be read-only for a while.
    }
  }
}
