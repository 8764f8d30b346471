import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { topicsOf, type Desired } from "../../protocol/fleet/topics.ts";
import { writeOpenly } from "../authority/safe.ts";
import type { Clock } from "../host/clock.ts";
import type { Store } from "../store/store.ts";
import type { Publish } from "./publish.ts";

/** Something that a kiosk shall have in force: one file, one retained message. */
export interface DesiredName {
  readonly kiosk: string;
  readonly what: Desired;
  /** Of a campaign or list: its id. */
  readonly id?: string;
}

const fileForm = /^(config|keys|campaign)(?:-([A-Za-z0-9-]{1,32}))?\.json$/;

const fileOf = (folder: string, { kiosk, what, id }: DesiredName): string =>
  join(folder, kiosk, `${what}${id === undefined ? "" : `-${id}`}.json`);

/** Puts it where the running centre finds it within seconds, and every later start too. */
export function putDesired(folder: string, name: DesiredName, text: string): void {
  const file = fileOf(folder, name);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeOpenly(file, text);
}

/** What is in force at the kiosk stays so. False where nothing was desired. */
export function dropDesired(folder: string, name: DesiredName): boolean {
  const file = fileOf(folder, name);
  const had = namesIn(dirname(file)).includes(`${name.what}${name.id === undefined ? "" : `-${name.id}`}.json`);
  rmSync(file, { force: true });
  return had;
}

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

export interface ShelfOptions {
  readonly folder: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly publish: Publish;
  readonly failed: (sentence: string) => void;
}

/** Keeps on the broker what lies in the folder. */
export interface Shelf {
  /** The broker may have lost everything: all is put there again. */
  again(): void;
  close(): Promise<void>;
}

const every = 2000;

export function shelf({ folder, store, clock, publish, failed }: ShelfOptions): Shelf {
  /** By file, its text as it stands on the broker. */
  const standing = new Map<string, { readonly topic: string; readonly text: string }>();
  let wait: { cancel(): void } | undefined;
  let working: Promise<void> = Promise.resolve();
  let isClosed = false;
  let told = "";

  const look = async (): Promise<void> => {
    const seen = new Set<string>();
    for (const kiosk of await within(folder)) {
      const files = (await within(join(folder, kiosk))).filter((name) => fileForm.test(name));
      const group = files.length === 0 ? undefined : await groupOf(kiosk);
      for (const name of files) {
        const file = join(folder, kiosk, name);
        seen.add(file);
        const [, what, id] = fileForm.exec(name) ?? [];
        if (group !== undefined) await put(file, topicsOf(group, kiosk).desired(what as Desired, id));
      }
    }
    for (const [file, { topic }] of standing)
      if (!seen.has(file) && (await publish(topic, new Uint8Array(), true)).ok) standing.delete(file);
  };
  const put = async (file: string, topic: string): Promise<void> => {
    const text = await readFile(file, "utf8");
    if (standing.get(file)?.text === text || isClosed) return;
    if ((await publish(topic, Buffer.from(text), true)).ok) standing.set(file, { topic, text });
  };
  const groupOf = async (kiosk: string): Promise<string | undefined> => {
    const rows = await store.query<{ district: string }>("SELECT district FROM stations WHERE kiosk = $1", [kiosk]);
    return rows[0]?.district;
  };
  const work = () =>
    (working = working.then(look).then(
      () => void (told = ""),
      (error: unknown) => {
        const said = error instanceof Error ? error.message : String(error);
        if (said !== told) failed(`What kiosks shall have in force cannot be read: ${said}`);
        told = said;
      },
    ));
  const tick = () => {
    wait = clock.after(every, "centre: desired", () => {
      void work().then(() => {
        if (!isClosed) tick();
      });
    });
  };
  tick();

  return {
    again() {
      standing.clear();
      void work();
    },
    async close() {
      isClosed = true;
      wait?.cancel();
      await working;
    },
  };
}

async function within(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
