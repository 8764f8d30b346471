import { existsSync } from "node:fs";
import { endMembers } from "../../../../protocol/members/issue.ts";
import { readSecret, writeWhole } from "../../../store/secret-file.ts";
import { readMemberFile } from "../../../store/member-file.ts";
import { refused } from "../paper.ts";
import { listFiles } from "./files.ts";
import { destroyPrivate, keyFile, registerFile } from "./register.ts";

export interface DestroyOptions {
  readonly id: string;
  readonly releaseKey: string;
  readonly kid: string;
  readonly out: string;
}

const worldReadable = 0o644;

/** Ends a list for good: its secret and register are destroyed, and its files say so to the kiosks. @returns the exit code. */
export async function destroyMembers({ id, releaseKey, kid, out }: DestroyOptions): Promise<number> {
  const release = readSecret(releaseKey);
  if (!release.ok) return refused(release.error);
  const paths = existsSync(out) ? listFiles(out, id) : [];
  if (paths.length === 0)
    return refused(`${out} holds no file of the list ${id}: name the folder into which it was imported with --out.`);
  const ends: { readonly path: string; readonly bytes: Buffer }[] = [];
  for (const path of paths) {
    const read = await readMemberFile(path);
    if (!read.ok) return refused(...read.error.map((why) => `${path}: ${why}`));
    const { bytes } = endMembers({ ...read.value.list, kid }, new Date().toISOString(), release.value);
    ends.push({ path, bytes });
  }
  try {
    for (const { path, bytes } of ends) writeWhole(path, bytes, worldReadable);
    destroyPrivate(out, id);
  } catch (thrown) {
    return refused(`${out} cannot be written: ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
  }
  for (const line of [
    `${keyFile(out, id)} and ${registerFile(out, id)} are gone. Destroy every copy of them too.`,
    ...ends.map(({ path }) => `Ends the list at its kiosk: ${path}`),
    `Copy these files over the old ones, and export the keys of each kiosk anew without --list-key ${id}.list.key.`,
  ])
    console.error(line);
  return 0;
}
