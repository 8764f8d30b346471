import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Authority } from "../../console/authority/authority.ts";
import { movedTo } from "../broker/shipped.ts";
import { freePort, startMosquitto } from "../kit/broker.ts";

/** A broker that a fleet calls. */
export interface FleetBroker {
  /** With certificates, and without where there is such a door. */
  readonly url: string;
  readonly plainUrl?: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * docs/broker/mosquitto.conf with a second door that asks for no certificate: thousands of kiosks in one machine have
 * no time for thousands of handshakes. Limits, certificates and rules of the first door are the shipped ones.
 */
export async function startTwoDoors(authority: Authority): Promise<FleetBroker> {
  const folder = mkdtempSync(join(tmpdir(), "doors-"));
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const pair = await authority.server(["127.0.0.1", "localhost"]);
  put("ca.pem", authority.ca);
  put("cert.pem", pair.cert);
  put("key.pem", pair.key);
  copyFileSync(authority.revokedFile, join(folder, "revoked.pem"));
  const acl = readFileSync(fileURLToPath(new URL("../../docs/broker/acl", import.meta.url)), "utf8");
  // Rules before the first user are for those without a name.
  put("acl", `topic readwrite #\n${acl}`);
  const closed = "allow_anonymous false";
  const secure = await freePort();
  const whole = (plain: number): string => {
    const text = movedTo(secure, folder);
    if (!text.includes(closed)) throw new Error(`docs/broker/mosquitto.conf has no "${closed}".`);
    return `${text.replace(closed, "allow_anonymous true")}\nlistener ${plain} 127.0.0.1\n`;
  };
  const broker = await startMosquitto({ whole });
  return {
    url: `mqtts://127.0.0.1:${secure}`,
    plainUrl: broker.url,
    kill: () => broker.kill(),
    start: () => broker.restart(),
    async stop() {
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
