import type { LargeFile } from "../../config/load.ts";
import type { Station } from "../../config/schema.ts";
import type { CardKeys } from "../../protocol/members/card-keys.ts";
import { openCards } from "../../protocol/members/card-keys.ts";
import { memberLossTooHigh } from "../../protocol/members/loss.ts";
import type { MemberList } from "../../protocol/members/member-list.ts";
import { listKeys } from "../../protocol/members/secrets.ts";
import { good, type Judged } from "../../protocol/pickup-code/judged.ts";
import { notOurs, signedAt, type RefusedFile } from "./generations.ts";
import { openMemberBook, type MemberBook } from "./member-book.ts";
import { judgeRows, readMemberFile, type MemberFile } from "./member-file.ts";
import type { MemberShelf, Shelved } from "./member-shelf.ts";

export interface MemberListsAsked {
  readonly station: Station;
  /** As config/load.ts finds them. */
  readonly files: readonly LargeFile[];
  /** Where lists are kept, and the key that opens the keys of their cards; absent where files are only judged, away from their kiosk. */
  readonly kiosk?: { readonly shelf: MemberShelf; readonly key: Uint8Array };
  /** Told when a list in force is found changed, cut or gone while the kiosk runs. */
  damaged(refused: RefusedFile): void;
}

/** The member lists in force. Their files are judged once, at the start. */
export interface MemberLists {
  /** Also those that ended for good. */
  readonly files: readonly MemberList[];
  readonly adopted: readonly MemberList[];
  readonly refused: readonly RefusedFile[];
  /** Ids of those that ended for good: the kiosk must hold no secret of theirs. */
  readonly ended: readonly string[];
  /** The books of all lists whose secret is there. The same book is given again as long as its secret is the same. */
  books(secrets: ReadonlyMap<string, Uint8Array>): {
    readonly books: readonly MemberBook[];
    readonly refused: readonly RefusedFile[];
  };
  /** Lets go of their files. From then on nobody is known. */
  close(): void;
}

/** Where there are none. */
export const noMemberLists: MemberLists = {
  files: [],
  adopted: [],
  refused: [],
  ended: [],
  books: () => ({ books: [], refused: [] }),
  close() {},
};

interface Standing extends Shelved {
  readonly list: MemberList;
  readonly cards?: CardKeys;
}

/**
 * Decides which member lists are in force: the newest valid of each id, of what is kept from before and what lies in the
 * configuration. Rejects never.
 */
export async function openMemberLists({ station, files, kiosk, damaged }: MemberListsAsked): Promise<MemberLists> {
  const refused: RefusedFile[] = [];
  const refuse = (file: string, why: string): undefined => void refused.push({ file, why });
  const standing = new Map<string, Standing>();
  const adopted = new Set<string>();

  /** Everything but the rows. */
  const judge = async (name: string, path: string): Promise<MemberFile | undefined> => {
    const read = await readMemberFile(path);
    if (!read.ok) return refuse(name, read.error.join(" "));
    const { list } = read.value;
    const why = notOurs("members", list, station) ?? memberLossTooHigh(list.identifiers, list.lossLimit);
    return why === undefined ? read.value : refuse(name, why);
  };
  const withCards = async (name: string, list: MemberList, shelved: Shelved): Promise<Standing> => {
    if (list.cards === undefined || kiosk === undefined) return { ...shelved, list };
    const opened = await openCards(list, list.cards, kiosk.key);
    if (opened.ok) return { ...shelved, list, cards: opened.value };
    // Its numbers and bare cards are known all the same.
    refuse(name, opened.error.join(" "));
    return { ...shelved, list };
  };

  const shelf = kiosk?.shelf;
  shelf?.tidy();
  for (const id of shelf?.ids() ?? [])
    for (const path of shelf?.kept(id) ?? []) {
      if (standing.has(id)) continue;
      const name = `the kept members/${id}`;
      const file = await judge(name, path);
      if (file === undefined) continue;
      const index = await (shelf?.indexOf(file) ?? judgeRows(file));
      if (index.ok) standing.set(id, await withCards(name, file.list, { path, index: index.value }));
      else refuse(name, index.error.join(" "));
    }

  const fresh: { readonly name: string; readonly file: MemberFile }[] = [];
  for (const { name: bare, path } of files) {
    const name = `members/${bare}`;
    const file = await judge(name, path);
    if (file) fresh.push({ name, file });
  }
  for (const { name, file } of fresh.sort((a, b) => signedAt(b.file.list) - signedAt(a.file.list))) {
    const { list } = file;
    const own = standing.get(list.id);
    if (own?.list.sig === list.sig) continue;
    const why = own && overtaken(list, own.list);
    if (why !== undefined) {
      refuse(name, why);
      continue;
    }
    const taken = await (shelf?.take(file, own?.path) ?? inPlace(file));
    if (!taken.ok) {
      refuse(name, taken.error.join(" "));
      continue;
    }
    if (taken.value.notKept !== undefined)
      refuse(name, `It is obeyed, but could not be kept for the next start: ${taken.value.notKept}`);
    standing.set(list.id, await withCards(name, list, taken.value));
    adopted.add(list.id);
  }

  const inForce = [...standing.values()].sort((a, b) => (a.list.id < b.list.id ? -1 : 1));
  const ended = inForce.filter(({ list }) => list.ended).map(({ list }) => list.id);
  for (const id of ended) shelf?.erase(id);
  const lists = inForce.map(({ list }) => list);
  return {
    files: lists,
    adopted: lists.filter(({ id }) => adopted.has(id)),
    refused,
    ended,
    ...shelved(
      inForce.filter(({ list }) => !list.ended),
      (id, why) => {
        shelf?.distrust(id);
        damaged({ file: `members/${id}`, why });
      },
    ),
  };
}

async function inPlace(file: MemberFile): Promise<Judged<Shelved>> {
  const judged = await judgeRows(file);
  return judged.ok ? good({ path: file.path, index: judged.value }) : judged;
}

/** Why a list does not take the place of the one in force. */
function overtaken(list: MemberList, own: MemberList): string | undefined {
  if (own.ended)
    return `The list ${own.id} was ended for good ${own.issuedAt}: remove this file, and give a new list another id.`;
  return signedAt(own) >= signedAt(list)
    ? `It was signed ${list.issuedAt}, and ${own.id} is in force as signed ${own.issuedAt}: the newest wins.`
    : undefined;
}

function shelved(
  inForce: readonly Standing[],
  damaged: (id: string, why: string) => void,
): Pick<MemberLists, "books" | "close"> {
  const open = new Map<string, MemberBook>();
  const bookOf = (standing: Standing, secret: Uint8Array): MemberBook => {
    const { id } = standing.list;
    // Only one secret has the mark of the list.
    const book = open.get(id) ?? openMemberBook({ ...standing, secret, damaged: (why) => damaged(id, why) });
    open.set(id, book);
    return book;
  };
  return {
    books(secrets) {
      const refused: RefusedFile[] = [];
      const books = inForce.flatMap((standing) => {
        const { list } = standing;
        const secret = secrets.get(list.id);
        const why = secretMistake(list, secret);
        if (why !== undefined) refused.push({ file: `members: ${list.id}`, why });
        return secret === undefined || why !== undefined ? [] : [bookOf(standing, secret)];
      });
      return { books, refused };
    },
    close() {
      for (const book of open.values()) book.close();
    },
  };
}

function secretMistake({ id, secret: mark }: MemberList, secret: Uint8Array | undefined): string | undefined {
  if (secret === undefined) return `No key bundle holds its secret: export the keys with --list-key ${id}.list.key.`;
  return listKeys(secret).mark === mark
    ? undefined
    : `The key bundle holds another secret under this name: export the keys with the ${id}.list.key by which the list was made.`;
}
