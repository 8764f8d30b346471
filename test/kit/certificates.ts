import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { certificateFor, makeRoot, openRoot, type Pair } from "../../console/authority/certificate.ts";

export interface TestAuthority {
  /** PEM. */
  readonly ca: string;
  /** `daysOff`: made so many days ago, or with a minus in the future; a client's is good for a year, a server's for two. */
  server(hosts: readonly [string, ...string[]], daysOff?: number): Promise<Pair>;
  client(name: string, daysOff?: number): Promise<Pair>;
}

/** A centre's certificate authority that lives for a test. */
export async function testAuthority(): Promise<TestAuthority> {
  const made = await makeRoot(Date.now());
  const root = await openRoot(made.cert, made.key);
  if (root === undefined) throw new Error("a new authority does not know its own key");
  const then = (daysOff: number) => Date.now() - daysOff * 86_400_000;
  return {
    ca: made.cert,
    server: (hosts, daysOff = 0) => certificateFor(root, hosts[0], { is: "server", hosts }, then(daysOff)),
    client: (name, daysOff = 0) => certificateFor(root, name, { is: "client" }, then(daysOff)),
  };
}

/** A folder with ca.pem, cert.pem and key.pem, gone with the test. */
export function pemFolder(ca: string, { cert, key }: Pair): string {
  const folder = mkdtempSync(join(tmpdir(), "link-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "ca.pem"), ca);
  writeFileSync(join(folder, "cert.pem"), cert);
  writeFileSync(join(folder, "key.pem"), key, { mode: 0o600 });
  return folder;
}
