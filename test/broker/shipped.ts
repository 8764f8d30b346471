import { spawn, type ChildProcess } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as dial } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openAuthority, type Authority } from "../../console/authority/authority.ts";
import { freePort } from "../kit/broker.ts";

const shipped = (name: string): string => fileURLToPath(new URL(`../../docs/broker/${name}`, import.meta.url));
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** docs/broker/mosquitto.conf and acl as they are shipped, on another port and in a folder of their own. */
export interface ShippedBroker {
  readonly authority: Authority;
  /** "mqtts://127.0.0.1:PORT". */
  readonly url: string;
  readonly port: number;
  log(): string;
  /** Brings the authority's list of revoked certificates to the broker, which does not know it before it is told. */
  bringRevoked(): void;
  signal(signal: NodeJS.Signals): void;
  /** As a power cut does. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The shipped configuration with nothing changed but where it runs. */
export function movedTo(port: number, folder: string): string {
  const moves = [
    ["listener 8883", `listener ${port} 127.0.0.1`],
    ["/etc/mosquitto/yizhan/", `${folder}/`],
    ["/var/lib/mosquitto/", `${folder}/`],
  ] as const;
  const text = moves.reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`docs/broker/mosquitto.conf has no "${from}".`);
      return text.replaceAll(from, to);
    },
    readFileSync(shipped("mosquitto.conf"), "utf8"),
  );
  // Started by root it would become the user mosquitto, who may not read a test's folder.
  return `user root\n${text}`;
}

/** Starts it with a new authority, or with `authority`; resolves when it accepts connections. */
export async function startShippedBroker(given?: Authority): Promise<ShippedBroker> {
  const folder = mkdtempSync(join(tmpdir(), "broker-"));
  const opened = given === undefined ? await openAuthority(join(folder, "authority")) : undefined;
  if (opened?.ok === false) throw new Error(opened.error.join(" "));
  const authority = given ?? opened?.value;
  if (authority === undefined) throw new Error("There is no authority.");
  const pair = await authority.server(["127.0.0.1", "localhost"]);
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const bringRevoked = () => copyFileSync(authority.revokedFile, join(folder, "revoked.pem"));
  mkdirSync(folder, { recursive: true });
  put("ca.pem", authority.ca);
  put("cert.pem", pair.cert);
  put("key.pem", pair.key);
  copyFileSync(shipped("acl"), join(folder, "acl"));
  bringRevoked();
  const port = await freePort();
  put("mosquitto.conf", movedTo(port, folder));

  let said = "";
  let child: ChildProcess | undefined;
  const accepts = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = dial(port, "127.0.0.1");
      const done = (answer: boolean) => resolve((socket.destroy(), answer));
      socket.once("connect", () => done(true)).once("error", () => done(false));
    });
  const start = async () => {
    const broker = spawn("mosquitto", ["-c", join(folder, "mosquitto.conf")], { stdio: ["ignore", "pipe", "pipe"] });
    child = broker;
    const keep = (text: Buffer) => (said = (said + text.toString()).slice(-200_000));
    broker.stdout.on("data", keep);
    broker.stderr.on("data", keep);
    for (const end = performance.now() + 20_000; !(await accepts()); await pause(10))
      if (broker.exitCode !== null || performance.now() > end) throw new Error(`mosquitto did not start:\n${said}`);
  };
  const end = async (signal: NodeJS.Signals) => {
    const broker = child;
    if (broker === undefined || broker.exitCode !== null || broker.signalCode !== null) return;
    const gone = new Promise((resolve) => broker.once("exit", resolve));
    broker.kill(signal);
    await gone;
  };
  const orphaned = () => child?.kill("SIGKILL");
  process.once("exit", orphaned);
  await start();
  return {
    authority,
    port,
    url: `mqtts://127.0.0.1:${port}`,
    log: () => said,
    bringRevoked,
    signal: (signal) => child?.kill(signal),
    kill: () => end("SIGKILL"),
    start,
    async stop() {
      await end("SIGTERM");
      process.off("exit", orphaned);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
