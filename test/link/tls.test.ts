import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createServer, type TLSSocket } from "node:tls";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { daysLeft, readCredentials } from "../../controller/link/tls.ts";
import { millis } from "../../devices/kit/clock.ts";
import { freePort, listening, recordingBroker, startMosquitto } from "../kit/broker.ts";
import { pemFolder, testAuthority, type TestAuthority } from "../kit/certificates.ts";
import { startProxy } from "../kit/proxy.ts";
import { answered, callTo, ear, message, uplinkOf } from "./uplink.ts";

let ours: TestAuthority;
let theirs: TestAuthority;
beforeAll(async () => {
  [ours, theirs] = await Promise.all([testAuthority(), testAuthority()]);
});

const kioskFolder = async (authority = ours, daysOff = 0) =>
  pemFolder(authority.ca, await authority.client("zp-001", daysOff));

/** mosquitto that takes only clients of `clients`, and knows them by their certificates. */
async function secured({
  hosts = ["127.0.0.1"] as [string],
  clients = ours,
  daysOff = 0,
  lines = [] as string[],
} = {}) {
  const folder = pemFolder(clients.ca, await ours.server(hosts, daysOff));
  const tls = [
    `cafile ${join(folder, "ca.pem")}`,
    `certfile ${join(folder, "cert.pem")}`,
    `keyfile ${join(folder, "key.pem")}`,
    "require_certificate true",
    "use_identity_as_username true",
    "allow_anonymous false",
    "tls_version tlsv1.3",
  ];
  const broker = await startMosquitto({ lines: [...tls, ...lines], verbose: true });
  onTestFinished(() => broker.stop());
  return { broker, url: broker.url.replace("mqtt:", "mqtts:") };
}

describe("the files of a kiosk", () => {
  test("are taken as they are at each reading, with the days that are left", async () => {
    const folder = await kioskFolder();
    const read = readCredentials(folder, "zp-001");
    if (!read.ok) throw new Error(read.error);
    expect(daysLeft(read.value, millis(Date.now()))).toBe(364);
    expect(daysLeft(read.value, millis(Date.now() + 366 * 86_400_000))).toBe(-2);
    const renewed = await ours.client("zp-001", -30);
    writeFileSync(join(folder, "cert.pem"), renewed.cert);
    writeFileSync(join(folder, "key.pem"), renewed.key);
    const again = readCredentials(folder, "zp-001");
    if (!again.ok) throw new Error(again.error);
    expect(daysLeft(again.value, millis(Date.now()))).toBe(394);
    expect(again.value.fingerprint).not.toBe(read.value.fingerprint);
  });

  test.each([
    ["no authority", (at: string) => rmSync(join(at, "ca.pem")), /ca\.pem cannot be read.*Copy it/],
    ["no certificate", (at: string) => rmSync(join(at, "cert.pem")), /cert\.pem cannot be read.*Copy it/],
    ["no key", (at: string) => rmSync(join(at, "key.pem")), /key\.pem cannot be read.*Copy it/],
    ["a key for all to read", (at: string) => chmodSync(join(at, "key.pem"), 0o640), /0640.*chmod 600/],
    ["a damaged certificate", (at: string) => writeFileSync(join(at, "cert.pem"), "none"), /cert\.pem is damaged/],
    ["a damaged key", (at: string) => writeFileSync(join(at, "key.pem"), "none"), /key\.pem is damaged/],
    ["a damaged authority", (at: string) => writeFileSync(join(at, "ca.pem"), "none"), /ca\.pem is damaged/],
  ])("%s is a sentence that says what to do", async (_, spoil, says) => {
    const folder = await kioskFolder();
    spoil(folder);
    const read = readCredentials(folder, "zp-001");
    expect(read).toEqual({ ok: false, error: expect.stringMatching(says) });
    expect(JSON.stringify(read)).not.toContain("PRIVATE");
  });

  test("another kiosk's certificate, or another's key, is told as such", async () => {
    const folder = await kioskFolder();
    expect(readCredentials(folder, "zp-002")).toEqual({
      ok: false,
      error: expect.stringMatching(/made out to zp-001, and this kiosk is zp-002/),
    });
    writeFileSync(join(folder, "key.pem"), (await ours.client("zp-001")).key);
    expect(readCredentials(folder, "zp-001")).toEqual({ ok: false, error: expect.stringMatching(/not the key of/) });
  });

  test("a mistake in them refuses the call, and a mended file lets the next one through", async () => {
    const { url } = await secured();
    const folder = await kioskFolder();
    chmodSync(join(folder, "key.pem"), 0o644);
    const { uplink } = uplinkOf(() => readCredentials(folder, "zp-001"));
    const refused = await uplink.connect(callTo(url));
    expect(refused).toMatchObject({
      ok: false,
      error: { why: "certificate", detail: expect.stringMatching(/chmod 600/) },
    });
    chmodSync(join(folder, "key.pem"), 0o600);
    answered(await uplink.connect(callTo(url)));
  });
});

test("with both certificates in order a kiosk talks TLS 1.3, known by the name in its certificate", async () => {
  const { broker, url } = await secured();
  const folder = await kioskFolder();
  const { uplink } = uplinkOf(() => readCredentials(folder, "zp-001"));
  for (const version of [5, 4] as const) {
    const session = answered(await uplink.connect(callTo(url, { version })));
    const { heard } = ear(session);
    await session.subscribe([{ topic: "yz/#", qos: 1 }]);
    expect((await session.publish(message("yz/v1/up/ev", "x"))).ok).toBe(true);
    await expect.poll(() => heard.length).toBe(1);
    await session.end(false);
  }
  expect(broker.log()).toMatch(/as zp-001 \(p5, c1, k120, u'zp-001'\)/);
});

describe("a certificate that does not do", () => {
  const told = async (url: string, folder: string, trusted = true) => {
    const { uplink, clock } = uplinkOf(() => readCredentials(folder, "zp-001"), { trusted });
    const refused = await uplink.connect(callTo(url));
    expect(clock.pending()).toEqual([]);
    return refused.ok ? "taken" : `${refused.error.why}: ${refused.error.detail}`;
  };

  test.each([
    ["has expired", 3 * 365],
    ["is not valid yet", -10],
  ])("the broker's %s: the clock is to blame where it is not set, else the centre", async (says, daysOff) => {
    const { url } = await secured({ daysOff });
    const folder = await kioskFolder();
    expect(await told(url, folder, false)).toMatch(new RegExp(`^clock: .*${says}.*set the clock`));
    expect(await told(url, folder, true)).toMatch(new RegExp(`^certificate: .*${says}.*centre must renew`));
  });

  test("this kiosk's has expired", async () => {
    const { url } = await secured();
    expect(await told(url, await kioskFolder(ours, 3 * 365))).toMatch(
      /^certificate: This kiosk's certificate has expired/,
    );
  });

  test("this kiosk's is of another centre", async () => {
    const { url } = await secured();
    const folder = await kioskFolder(theirs);
    writeFileSync(join(folder, "ca.pem"), ours.ca);
    expect(await told(url, folder)).toMatch(
      /^certificate: This kiosk's certificate is (signed by nobody|not accepted)/,
    );
  });

  test("the broker's is of another centre", async () => {
    const { url } = await secured();
    expect(await told(url, await kioskFolder(theirs))).toMatch(/^certificate: .*not signed by the one of ca\.pem/);
  });

  test("the broker's is made out to another host", async () => {
    const { url } = await secured({ hosts: ["broker.example"] });
    expect(await told(url, await kioskFolder())).toMatch(/^certificate: .*another name than this address/);
  });

  test("a broker that speaks only TLS 1.2 is told as such", async () => {
    const { cert, key } = await ours.server(["127.0.0.1"]);
    const server = createServer({ cert, key, maxVersion: "TLSv1.2" }).on("tlsClientError", () => {});
    const port = await listening(server);
    onTestFinished(() => void server.close());
    expect(await told(`mqtts://127.0.0.1:${port}`, await kioskFolder())).toMatch(/^refused: .*does not speak TLS 1\.3/);
  });

  test("a port without TLS, and one where nobody listens", async () => {
    const plain = await recordingBroker();
    onTestFinished(() => plain.close());
    const folder = await kioskFolder();
    expect(await told(plain.url.replace("mqtt:", "mqtts:"), folder)).toMatch(
      /^unreachable: .*mqtts:\/\/ for one with cert/,
    );
    expect(await told(`mqtts://127.0.0.1:${await freePort()}`, folder)).toMatch(/^unreachable: Nothing listens/);
  });
});

describe("the second connection", () => {
  test("takes up the TLS session of the first, at a fraction of the bytes", async () => {
    const { broker, url } = await secured();
    const proxy = await startProxy({ to: broker.port });
    onTestFinished(() => proxy.close());
    const folder = await kioskFolder();
    const { uplink } = uplinkOf(() => readCredentials(folder, "zp-001"));
    const spent: number[] = [];
    for (let at = 0; at < 4; at += 1) {
      const before = proxy.counted.up + proxy.counted.down;
      const session = answered(await uplink.connect(callTo(url.replace(/127.*/, proxy.host))));
      expect((await session.publish(message("yz/v1/up/ev", "x"))).ok).toBe(true);
      await session.end(false);
      spent.push(proxy.counted.up + proxy.counted.down - before);
    }
    console.log(`bytes of a connection with one message: ${spent.join(", ")}`);
    const [first = 0, ...others] = spent;
    for (const later of others) expect(later).toBeLessThan(first / 1.5);
    // Still the same kiosk for the broker, though no certificate was sent.
    expect(broker.log().match(/u'zp-001'/g)).toHaveLength(4);
  });

  test("does not do so with another certificate", async () => {
    const reused: boolean[] = [];
    const { cert, key } = await ours.server(["127.0.0.1"]);
    const server = createServer({ cert, key, ca: ours.ca, requestCert: true }, (socket: TLSSocket) => {
      reused.push(socket.isSessionReused());
      // A CONNACK, and later nothing.
      socket.on("data", () => socket.write(Uint8Array.of(0x20, 3, 0, 0, 0))).on("error", () => {});
    });
    const port = await listening(server);
    onTestFinished(() => void server.close());
    const folder = await kioskFolder();
    const { uplink } = uplinkOf(() => readCredentials(folder, "zp-001"));
    const call = async () => answered(await uplink.connect(callTo(`mqtts://127.0.0.1:${port}`))).end(false);
    await call();
    const renewed = await ours.client("zp-001");
    writeFileSync(join(folder, "cert.pem"), renewed.cert);
    writeFileSync(join(folder, "key.pem"), renewed.key);
    await call();
    await call();
    expect(reused).toEqual([false, false, true]);
  });
});
