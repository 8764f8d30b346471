import { fork, type ChildProcess } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { X509Certificate } from "node:crypto";
import pg from "pg";
import { openAuthority, type Authority } from "../../console/authority/authority.ts";
import { placesIn } from "../../console/folder.ts";
import type { Credentials } from "../../controller/link/tls.ts";
import { millis } from "../../devices/kit/clock.ts";
import { kioskName } from "../../protocol/fleet/topics.ts";
import { memoryOf } from "../bench/kiosk.ts";
import { startShippedBroker } from "../broker/shipped.ts";
import { newFolder, runCentre, type RunningCentre } from "../console/cli/running.ts";
import { startPostgres } from "../kit/postgres.ts";
import { count, metricsOfAll, stored, wholeBirths, type Stored } from "./database.ts";
import type { DistrictKiosk, DistrictReport, Ledgers, Order } from "./district.ts";
import { idOf } from "./kiosk.ts";
import { startTwoDoors, type FleetBroker } from "./two-doors.ts";

const group = "320583";
const district = fileURLToPath(new URL("./district.ts", import.meta.url));

/** Kiosks of one fleet, with the shipped broker, a centre and PostgreSQL, each in processes of their own. */
export interface Fleet {
  readonly broker: FleetBroker;
  /** Switches all kiosks on at once. */
  switchOn(): Promise<void>;
  /** Resolves when the centre's database has every kiosk online, and each metric of births younger than `since`. */
  steady(limit: number, since?: number): Promise<void>;
  vend(aSecond: number): Promise<void>;
  report(): Promise<DistrictReport>;
  /** Resolves when the centre has confirmed every event. */
  confirmed(limit: number): Promise<void>;
  /** Chain hashes of all kiosks, as their cards have them. */
  ledgers(): Promise<Ledgers>;
  /** … and as the centre's database has them, and what else it has. */
  stored(): Promise<Stored>;
  /** Resident memory, MiB. */
  memory(): Readonly<Record<"centre" | "mosquitto", number>>;
  stop(): Promise<void>;
}

export interface FleetAsked {
  readonly kiosks: number;
  /** How many of them call with a certificate; all where absent. */
  readonly certified?: number;
  /** Processes among which they are divided. */
  readonly districts: number;
  /** Seconds. */
  readonly birthSpread: number;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The database has other work than to be asked. Milliseconds. */
const lookedAgain = 500;

async function until(so: () => Promise<string | undefined>, limit: number): Promise<void> {
  const end = performance.now() + limit;
  for (let lacks = await so(); lacks !== undefined; lacks = await so()) {
    if (performance.now() > end) throw new Error(`not within ${limit} ms: ${lacks}`);
    await pause(lookedAgain);
  }
}

/** Processes that this one started, by a word of their command lines. */
function pidOf(word: string): number {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").trim().split(" ");
  const found = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(word));
  if (found === undefined) throw new Error(`No child of this process is called ${word}.`);
  return Number(found);
}

async function credentialsOf(authority: Authority, name: string): Promise<Credentials> {
  const { cert, key } = await authority.client(name);
  const { fingerprint256, validToDate } = new X509Certificate(cert);
  return { ca: authority.ca, cert, key, validUntil: millis(validToDate.getTime()), fingerprint: fingerprint256 };
}

/** One process of kiosks. */
class District {
  readonly #child: ChildProcess;
  #last: Promise<unknown> = Promise.resolve();

  constructor() {
    this.#child = fork(district, {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
  }

  /** Orders are answered one after the other. */
  ask<T>(order: Order): Promise<T> {
    const answer = this.#last.then(
      () =>
        new Promise<T>((resolve, reject) => {
          const gone = (code: number | null) => reject(new Error(`A district ended with ${String(code)}.`));
          this.#child.once("exit", gone);
          this.#child.once("message", (said) => {
            this.#child.off("exit", gone);
            resolve(said as T);
          });
          this.#child.send(order);
        }),
    );
    this.#last = answer.catch(() => {});
    return answer;
  }

  end(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    this.#child.disconnect();
    return gone;
  }
}

/** Everything but the kiosks, which are switched on later. */
export async function startFleet(asked: FleetAsked): Promise<Fleet> {
  const { kiosks, certified = kiosks, districts, birthSpread } = asked;
  const data = newFolder();
  const [postgres, authority] = await Promise.all([
    startPostgres({ settings: { fsync: "off" } }),
    openAuthority(placesIn(data).authority),
  ]);
  if (!authority.ok) throw new Error(authority.error.join(" "));
  const broker: FleetBroker = await (certified < kiosks ? startTwoDoors : startShippedBroker)(authority.value);
  const database = await postgres.database();
  const everyone: DistrictKiosk[] = [];
  for (let number = 1; number <= kiosks; number += 1) {
    const link = { group, server: broker.url, birthSpread };
    if (number <= certified)
      everyone.push({ number, link, credentials: await credentialsOf(authority.value, kioskName(idOf(number))) });
    else everyone.push({ number, link: { ...link, server: broker.plainUrl ?? broker.url } });
  }
  const words = ["--data", data, "--broker", broker.url, "--database", database, "--accept-all"];
  const centre: RunningCentre = await runCentre(...words);
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  const all = Array.from({ length: districts }, () => new District());

  const report = async (): Promise<DistrictReport> => {
    const reports = await Promise.all(all.map((one) => one.ask<DistrictReport>({ is: "report" })));
    const sum = (of: (report: DistrictReport) => number) => reports.reduce((total, one) => total + of(one), 0);
    return {
      online: sum(({ online }) => online),
      waiting: sum(({ waiting }) => waiting),
      entries: sum(({ entries }) => entries),
      memory: sum(({ memory }) => memory),
      disagreed: reports.flatMap(({ disagreed }) => disagreed),
      complaints: reports.flatMap(({ complaints }) => complaints),
    };
  };

  return {
    broker,
    async switchOn() {
      await Promise.all(
        all.map((one, n) => one.ask({ is: "start", kiosks: everyone.filter((_, at) => at % districts === n) })),
      );
    },
    steady: (limit, since = 0) =>
      until(async () => {
        const online = await count(client, "SELECT count(*) FROM presence WHERE online");
        if (online < kiosks) return `${online} of ${kiosks} kiosks are online`;
        const whole = await count(client, wholeBirths, [metricsOfAll, since]);
        return whole < kiosks ? `of ${whole} of ${kiosks} kiosks every metric is there` : undefined;
      }, limit),
    async vend(aSecond) {
      await Promise.all(all.map((one) => one.ask({ is: "vend", aSecond: aSecond / districts })));
    },
    report,
    confirmed: (limit) =>
      until(async () => {
        const { waiting, complaints } = await report();
        return waiting > 0 ? `${waiting} events are not confirmed; ${complaints.join("; ")}` : undefined;
      }, limit),
    async ledgers() {
      const parts = await Promise.all(all.map((one) => one.ask<Ledgers>({ is: "ledgers" })));
      return Object.assign({}, ...parts) as Ledgers;
    },
    stored: () => stored(client),
    memory: () => ({
      centre: memoryOf(pidOf("yizhan.mjs"), "VmRSS"),
      mosquitto: memoryOf(pidOf("mosquitto"), "VmRSS"),
    }),
    async stop() {
      await Promise.all(all.map((one) => one.end()));
      await client.end();
      await centre.end("SIGTERM");
      await broker.stop();
      await postgres.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
