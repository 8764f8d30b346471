import { parseInstant } from "../../protocol/pickup-code/calendar.ts";
import type { Judged } from "../../protocol/pickup-code/judged.ts";
import { bytesOf, isSigned, type SignedKind } from "../../protocol/pickup-code/sign.ts";
import type { Station } from "../../config/schema.ts";
import type { Disk } from "../world.ts";
import { decode, encode } from "./json.ts";

/** A file of the configuration folder, named from there: "campaigns/summer.json". */
export interface SignedFile {
  readonly name: string;
  readonly text: string;
}

/** A file that was not obeyed, and why, in a sentence for the technician. */
export interface RefusedFile {
  readonly file: string;
  readonly why: string;
}

/** What all signed files have in common. */
export interface Signed {
  readonly station: string;
  readonly issuedAt: string;
  readonly kid: string;
  readonly sig: string;
}

export interface Signable extends Signed {
  readonly id: string;
}

/** A kind of signed file, and what makes one refused beyond a bad signature. */
export interface Kind<T extends Signable> {
  readonly kind: "campaign" | "list";
  parse(text: string): Judged<T>;
  /** Why it is not obeyed even alone. */
  weak(file: T): string | undefined;
  /** Why it is not obeyed beside another that is in force. */
  clash(file: T, inForce: T): string | undefined;
}

export interface InForce<T> {
  readonly files: readonly T[];
  /** Those that were not in force before. */
  readonly adopted: readonly T[];
  readonly refused: readonly RefusedFile[];
}

/** The time of signing; NaN where there is none, so that no comparison holds. */
export const signedAt = (file: Signed): number => parseInstant(file.issuedAt) ?? Number.NaN;

/** Why a signed file is not this kiosk's to obey, or undefined. */
export function notOurs(kind: SignedKind, file: Signed, station: Station): string | undefined {
  const own = station.station.id;
  if (file.station !== own) return `It is for the kiosk ${file.station}, and this one is ${own}.`;
  const keys = station.trust.filter(({ role, kid }) => role === "release" && kid === file.kid);
  if (keys.length === 0)
    return `It is signed with the key ${file.kid}, and the station file's trust names no release key of that name.`;
  if (keys.some(({ key }) => isSigned(kind, file, bytesOf(key)))) return undefined;
  return `Its signature is not that of the release key ${file.kid}: it was changed after signing, or signed with another key.`;
}

interface Standing<T> {
  readonly text: string;
  readonly file: T;
}

/**
 * Decides which files of a kind are in force: the newest valid of each id, of what is kept from before and what lies in
 * the configuration. Two generations of each id are kept, so that a damaged one leaves the one before.
 */
export async function inForceOf<T extends Signable>(
  kind: Kind<T>,
  files: readonly SignedFile[],
  keep: Disk["keep"],
  station: Station,
): Promise<InForce<T>> {
  const refused: RefusedFile[] = [];
  const standing = new Map<string, Standing<T>>();
  const refuse = (file: string, why: string): undefined => void refused.push({ file, why });

  const judge = (name: string, text: string): Standing<T> | undefined => {
    const parsed = kind.parse(text);
    if (!parsed.ok) return refuse(name, parsed.error.join(" "));
    const file = parsed.value;
    const why = notOurs(kind.kind, file, station) ?? kind.weak(file);
    return why === undefined ? { text, file } : refuse(name, why);
  };
  const clashing = (name: string, file: T): boolean => {
    for (const [id, other] of standing) {
      const why = id === file.id ? undefined : kind.clash(file, other.file);
      if (why === undefined) continue;
      refuse(name, why);
      return true;
    }
    return false;
  };

  const ids = decode<readonly string[]>(keep.get(indexName(kind))) ?? [];
  for (const id of ids)
    for (const name of [nameOf(kind, id), beforeOf(kind, id)]) {
      const bytes = keep.get(name);
      if (bytes === undefined || standing.has(id)) continue;
      const kept = judge(`the kept ${name}`, Buffer.from(bytes).toString());
      if (kept && !clashing(`the kept ${name}`, kept.file)) standing.set(id, kept);
    }

  const adopted = new Map<string, { readonly name: string; readonly before: Standing<T> | undefined }>();
  const fresh = files.flatMap(({ name, text }) => {
    const judged = judge(name, text);
    return judged ? [{ name, ...judged }] : [];
  });
  for (const { name, text, file } of fresh.sort((a, b) => signedAt(b.file) - signedAt(a.file))) {
    const own = standing.get(file.id);
    if (own?.file.sig === file.sig) continue;
    if (own && signedAt(own.file) >= signedAt(file)) {
      const older = `It was signed ${file.issuedAt}, and ${file.id} is in force as signed ${own.file.issuedAt}: the newest wins.`;
      refuse(name, older);
    } else if (!clashing(name, file)) {
      adopted.set(file.id, { name, before: own });
      standing.set(file.id, { text, file });
    }
  }

  for (const [id, { name, before }] of adopted) {
    const now = standing.get(id);
    const why = now && (await kept(keep, kind, id, now.text, before?.text));
    if (why !== undefined) refuse(name, why);
  }
  const inForce = [...standing.values()].map(({ file }) => file);
  return { files: inForce, adopted: inForce.filter(({ id }) => adopted.has(id)), refused };
}

const nameOf = ({ kind }: { readonly kind: string }, id: string): string => `${kind}/${id}`;
const beforeOf = (kind: { readonly kind: string }, id: string): string => `${nameOf(kind, id)}/before`;
const indexName = ({ kind }: { readonly kind: string }): string => `${kind}s`;

/** Keeps a file and the one before it. The index comes last: a power cut in between leaves what was in force. */
async function kept(
  keep: Disk["keep"],
  kind: { readonly kind: string },
  id: string,
  text: string,
  before: string | undefined,
): Promise<string | undefined> {
  const ids = decode<readonly string[]>(keep.get(indexName(kind))) ?? [];
  const writes: readonly (readonly [string, Uint8Array])[] = [
    ...(before === undefined ? [] : [[beforeOf(kind, id), Buffer.from(before)] as const]),
    [nameOf(kind, id), Buffer.from(text)],
    ...(ids.includes(id) ? [] : [[indexName(kind), encode([...ids, id])] as const]),
  ];
  for (const [name, value] of writes) {
    const done = await keep.put(name, value);
    if (!done.ok) return `It is obeyed, but could not be kept for the next start: ${done.error.detail}`;
  }
  return undefined;
}
