/** One thing a disk was told. `file` is a number that stays with a file through all its names. */
export type Told =
  | { readonly is: "made"; readonly file: number; readonly name: string }
  | { readonly is: "written"; readonly file: number; readonly at: number; readonly bytes: Buffer }
  | { readonly is: "cut"; readonly file: number; readonly length: number }
  /** Somebody waited until this file was on the medium. */
  | { readonly is: "synced"; readonly file: number }
  /** Somebody waited until the names were on the medium. */
  | { readonly is: "names synced" }
  | { readonly is: "unlinked"; readonly name: string }
  | { readonly is: "renamed"; readonly from: string; readonly to: string }
  | { readonly is: "mark"; readonly text: string };

/** Files that were there before have the numbers from 0, in the order of their names here. */
export function firstNumbers(names: Iterable<string>): ReadonlyMap<string, number> {
  return new Map([...names].map((name, n) => [name, n]));
}

const headLength = 1 + 8 + 8 + 4 + 4;
const bare = (path: string) => path.replace(/^\//, "");

/** Reads what forgetful.c wrote down. An inode number may be given to a second file later; the numbers here are not. */
export function recordOf(bytes: Buffer, before: ReadonlyMap<bigint, string>): readonly Told[] {
  const first = firstNumbers(before.values());
  const files = new Map([...before].map(([inode, name]) => [inode, first.get(name) ?? 0]));
  let next = first.size;
  const told: Told[] = [];
  for (let at = 0; at < bytes.length;) {
    const what = String.fromCharCode(bytes.readUInt8(at));
    const inode = bytes.readBigUInt64LE(at + 1);
    const number = Number(bytes.readBigUInt64LE(at + 9));
    const aFrom = at + headLength;
    const bFrom = aFrom + bytes.readUInt32LE(at + 17);
    at = bFrom + bytes.readUInt32LE(at + 21);
    const a = bytes.subarray(aFrom, bFrom);
    const b = bytes.subarray(bFrom, at);
    if (what === "C") files.set(inode, next++);
    const one = toldOf(what, files.get(inode) ?? -1, number, a, b);
    if (one !== undefined) told.push(one);
  }
  return told;
}

function toldOf(what: string, file: number, number: number, a: Buffer, b: Buffer): Told | undefined {
  switch (what) {
    case "C":
      return { is: "made", file, name: bare(a.toString()) };
    case "W":
      return { is: "written", file, at: number, bytes: a };
    case "T":
      return { is: "cut", file, length: number };
    case "S":
      return { is: "synced", file };
    case "D":
      return { is: "names synced" };
    case "U":
      return { is: "unlinked", name: bare(a.toString()) };
    case "R":
      return { is: "renamed", from: bare(a.toString()), to: bare(b.toString()) };
    case "M":
      return { is: "mark", text: a.toString() };
    // Folders are remade as their files need them.
    case "K":
    case "X":
      return undefined;
    default:
      throw new Error(`the record holds something unknown: ${what}`);
  }
}
