import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Station } from "../../config/schema.ts";
import type { RefusedFile } from "../../controller/store/generations.ts";
import type { MemberBook } from "../../controller/store/member-book.ts";
import { openMemberLists, type MemberLists } from "../../controller/store/member-lists.ts";
import { MemberShelf } from "../../controller/store/member-shelf.ts";
import { secret } from "../protocol/members/making.ts";
import { kioskKey, station } from "./issuing.ts";

/** The folders of a kiosk: what the technician put there, and what the kiosk keeps. */
export interface Places {
  readonly config: string;
  readonly data: string;
}

export function placesIn(folder: string): Places {
  const places = { config: join(folder, "config"), data: join(folder, "data") };
  for (const path of [join(places.config, "members"), places.data]) mkdirSync(path, { recursive: true });
  return places;
}

/** Puts a file into members/ of the configuration folder, or bytes of one. */
export const put = ({ config }: Places, name: string, bytes: Uint8Array): void =>
  writeFileSync(join(config, "members", name), bytes);

/** What the kiosk keeps of members, by name. */
export const kept = ({ data }: Places): readonly string[] => {
  try {
    return readdirSync(join(data, "members")).sort();
  } catch {
    return [];
  }
};

export interface Taken {
  readonly lists: MemberLists;
  readonly books: readonly MemberBook[];
  /** Files and secrets that were not obeyed. */
  readonly refused: readonly RefusedFile[];
  /** What was told while the kiosk ran. */
  readonly damaged: readonly RefusedFile[];
  /** The ledger's pid of whoever has this number or bare UID. */
  whose(value: string): string | undefined;
}

export interface Taking {
  readonly station?: Station;
  readonly kioskKey?: Uint8Array;
  readonly secrets?: ReadonlyMap<string, Uint8Array>;
  readonly may?: "writes" | "reads only";
}

/** A start of the kiosk, as far as members go. */
export async function taken({ config, data }: Places, asked: Taking = {}): Promise<Taken> {
  const key = asked.kioskKey ?? kioskKey;
  const folder = join(config, "members");
  const damaged: RefusedFile[] = [];
  const lists = await openMemberLists({
    station: asked.station ?? station,
    files: readdirSync(folder)
      .sort()
      .map((name) => ({ name, path: join(folder, name) })),
    kiosk: { shelf: new MemberShelf(data, key, asked.may ?? "writes"), key },
    damaged: (one) => void damaged.push(one),
  });
  const secrets = asked.secrets ?? new Map(lists.files.map(({ id }) => [id, secret]));
  const { books, refused } = lists.books(secrets);
  return {
    lists,
    books,
    refused: [...lists.refused, ...refused],
    damaged,
    whose: (value) => {
      const found = books.flatMap((book) => book.byText(value) ?? book.byUid(value) ?? []);
      const credential = found[0]?.credential;
      return credential?.kind === "member" ? credential.pid : undefined;
    },
  };
}
