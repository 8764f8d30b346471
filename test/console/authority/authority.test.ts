import { execFileSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAuthority, type Authority } from "../../../console/authority/authority.ts";
import { writePrivately } from "../../../console/authority/safe.ts";
import { makeRoot } from "../../../console/authority/certificate.ts";

const dayMs = 86_400_000;
const folder = () => mkdtempSync(join(tmpdir(), "authority-"));

async function opened(dir: string, now = Date.now()): Promise<Authority> {
  const authority = await openAuthority(dir, () => now);
  if (!authority.ok) throw new Error(authority.error.join(" "));
  return authority.value;
}

/** What OpenSSL, by which brokers judge, says of a certificate. */
function judged(dir: string, cert: string, purpose: "sslclient" | "sslserver", ...more: readonly string[]): string {
  const file = join(dir, "asked.pem");
  writeFileSync(file, cert);
  const words = ["verify", "-CAfile", join(dir, "ca.pem"), "-purpose", purpose, "-x509_strict", ...more, file];
  try {
    return execFileSync("openssl", words, { encoding: "utf8", stdio: "pipe" }).replace(`${file}: `, "").trim();
  } catch (refused) {
    return (refused as { stderr: string }).stderr;
  }
}
const listed = (dir: string) => ["-crl_check", "-CRLfile", join(dir, "revoked.pem")];

test("OpenSSL takes a kiosk's certificate as a client's and nothing else, under the kiosk's name", async () => {
  const dir = folder();
  const { cert, key } = await (await opened(dir)).client("zp-001");
  expect(judged(dir, cert, "sslclient", ...listed(dir))).toBe("OK");
  expect(judged(dir, cert, "sslserver")).toMatch(/unsuitable certificate purpose|unsupported certificate purpose/);
  const read = new X509Certificate(cert);
  expect(read.subject).toBe("CN=zp-001");
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(read.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
});

test("OpenSSL takes the broker's certificate as a server's, for each of its names and no other", async () => {
  const dir = folder();
  const { cert } = await (await opened(dir)).server(["broker.example", "192.0.2.7"]);
  expect(judged(dir, cert, "sslserver", "-verify_hostname", "broker.example")).toBe("OK");
  expect(judged(dir, cert, "sslserver", "-verify_ip", "192.0.2.7")).toBe("OK");
  expect(judged(dir, cert, "sslserver", "-verify_hostname", "other.example")).toMatch(/hostname mismatch/i);
  expect(judged(dir, cert, "sslclient")).toMatch(/certificate purpose/);
});

test("a kiosk's certificate lasts a year, the authority ten, and none outlives the authority", async () => {
  const dir = folder();
  const now = Date.UTC(2026, 6, 15);
  const days = (cert: string) => (Date.parse(new X509Certificate(cert).validTo) - now) / dayMs;
  const authority = await opened(dir, now);
  expect(days((await authority.client("zp-001")).cert)).toBe(365);
  expect(days(authority.ca)).toBe(3650);
  const late = await opened(dir, now + 3600 * dayMs);
  expect(days((await late.client("zp-002")).cert)).toBe(3650);
});

test("a certificate counts from the day before, for a kiosk whose clock is late", async () => {
  const now = Date.UTC(2026, 6, 15);
  const { cert } = await (await opened(folder(), now)).client("zp-001");
  expect(Date.parse(new X509Certificate(cert).validFrom)).toBe(now - dayMs);
});

test("a revoked certificate is refused, every other still taken", async () => {
  const dir = folder();
  const authority = await opened(dir);
  const [stolen, twin, honest] = [
    await authority.client("zp-001"),
    await authority.client("zp-001"),
    await authority.client("zp-002"),
  ];
  const gone = await authority.revoke("zp-001");
  expect(gone.map(({ serial }) => serial).sort()).toEqual([stolen.serial, twin.serial].sort());
  expect(judged(dir, stolen.cert, "sslclient", ...listed(dir))).toMatch(/certificate revoked/);
  expect(judged(dir, twin.cert, "sslclient", ...listed(dir))).toMatch(/certificate revoked/);
  expect(judged(dir, honest.cert, "sslclient", ...listed(dir))).toBe("OK");
  expect(await authority.revoke("zp-001")).toEqual([]);
  expect(authority.issued().filter(({ revoked }) => revoked)).toHaveLength(2);
});

test("a kiosk that was revoked can be given a new certificate", async () => {
  const dir = folder();
  const authority = await opened(dir);
  await authority.client("zp-001");
  await authority.revoke("zp-001");
  const { cert } = await authority.client("zp-001");
  expect(judged(dir, cert, "sslclient", ...listed(dir))).toBe("OK");
});

test("the list of the revoked is out of date no sooner than the authority, since OpenSSL would then refuse everybody", async () => {
  const dir = folder();
  const now = Date.UTC(2026, 6, 15);
  const { cert } = await (await opened(dir, now)).client("zp-001");
  const then = String((now + 364 * dayMs) / 1000);
  expect(judged(dir, cert, "sslclient", ...listed(dir), "-attime", then)).toBe("OK");
  const list = execFileSync("openssl", ["crl", "-in", join(dir, "revoked.pem"), "-noout", "-nextupdate"], {
    encoding: "utf8",
  });
  expect(Date.parse(list.replace("nextUpdate=", ""))).toBe(now + 3650 * dayMs);
});

test("it is the same authority after a restart, and what it knows is still there", async () => {
  const dir = folder();
  const before = await opened(dir);
  const { cert } = await before.client("zp-001");
  const after = await opened(dir);
  expect(after.ca).toBe(before.ca);
  expect(after.issued()).toEqual(before.issued());
  expect(judged(dir, cert, "sslclient", ...listed(dir))).toBe("OK");
  expect(judged(dir, (await after.client("zp-002")).cert, "sslclient", ...listed(dir))).toBe("OK");
});

test("only its owner reads its key, and it refuses a key that others could have read", async () => {
  const dir = folder();
  await (await opened(dir)).client("zp-001");
  expect(statSync(join(dir, "ca.key")).mode & 0o777).toBe(0o600);
  const privateParts = readdirSync(join(dir, "issued")).filter((name) =>
    readFileSync(join(dir, "issued", name), "utf8").includes("PRIVATE"),
  );
  expect(privateParts).toEqual([]);
  chmodSync(join(dir, "ca.key"), 0o644);
  expect(await openAuthority(dir)).toMatchObject({ ok: false, error: [expect.stringMatching(/chmod 600/)] });
});

test("it says so when its key is another one's", async () => {
  const dir = folder();
  await opened(dir);
  writePrivately(join(dir, "ca.key"), (await makeRoot(Date.now())).key);
  expect(await openAuthority(dir)).toMatchObject({ ok: false, error: [expect.stringMatching(/is not the key of/)] });
});
