import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const mounted = new Set<Card>();

/** Unmounts whatever a test left, also one that failed half-way. */
export function removeCards(): void {
  for (const card of mounted) card.remove();
}

/** A small disk of its own for the data folder, that can be full or write-protected. */
export class Card {
  readonly path = mkdtempSync(join(tmpdir(), "yizhan-card-"));

  constructor() {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "yizhan-card", this.path]);
    mounted.add(this);
  }

  /** Takes every byte that is free. */
  fill(): void {
    const ballast = openSync(join(this.path, "ballast"), "a");
    try {
      for (let size = 65_536; size >= 1; size = Math.floor(size / 2)) while (takes(ballast, size));
    } finally {
      closeSync(ballast);
    }
  }

  free(): void {
    rmSync(join(this.path, "ballast"), { force: true });
  }

  protect(on: boolean): void {
    execFileSync("mount", ["-o", `remount,${on ? "ro" : "rw"}`, this.path]);
  }

  remove(): void {
    if (!mounted.delete(this)) return;
    execFileSync("umount", ["--lazy", this.path]);
    rmSync(this.path, { recursive: true });
  }
}

function takes(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size)) === size;
  } catch {
    return false;
  }
}
