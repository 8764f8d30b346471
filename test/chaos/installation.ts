import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { startMosquitto, type Mosquitto } from "../kit/broker.ts";
import { startPostgres, type Postgres } from "../kit/postgres.ts";
import { startProxy, type Proxy } from "../kit/proxy.ts";
import type { Kiosk } from "../real/kiosk.ts";
import { tcn } from "../real/station.ts";
import { Street } from "../real/street.ts";
import { Centre } from "./centre.ts";

/** The lines on which something can happen. */
export type Lines = Readonly<Record<"kiosk" | "centre" | "database", Proxy>>;

/** A station, a broker, a centre and its database: processes of their own, with a line between each two that talk. */
export class Installation {
  readonly street: Street;
  readonly broker: Mosquitto;
  readonly database: Postgres;
  readonly centre: Centre;
  readonly lines: Lines;
  /** Of the database, past the line on which things happen. */
  readonly url: string;
  /** The kiosk that runs there now. */
  kiosk: Kiosk | undefined;

  private constructor(parts: Pick<Installation, "street" | "broker" | "database" | "centre" | "lines" | "url">) {
    this.street = parts.street;
    this.broker = parts.broker;
    this.database = parts.database;
    this.centre = parts.centre;
    this.lines = parts.lines;
    this.url = parts.url;
  }

  static async start(): Promise<Installation> {
    const [broker, database, street] = await Promise.all([startMosquitto(), startPostgres(), Street.lay(tcn)]);
    withQuickKeepalive(street);
    const [kiosk, centre, data] = await Promise.all(
      [broker.port, broker.port, database.port].map((to) => startProxy({ to })),
    );
    if (!kiosk || !centre || !data) throw new Error("three lines were asked for");
    const lines = { kiosk, centre, database: data };
    const url = await database.database();
    const collector = await Centre.start({
      broker: `mqtt://${centre.host}`,
      database: url.replace(String(database.port), String(data.port)),
    });
    await collector.adds("REAL-1");
    return new Installation({ street, broker, database, centre: collector, lines, url });
  }

  /** Another centre process, which shares broker, database and keys. */
  another(hostId: string): Promise<Centre> {
    const { folder } = this.centre;
    return Centre.start({ broker: this.broker.url, database: this.url, hostId, folder });
  }

  async boot(): Promise<Kiosk> {
    this.kiosk = await this.street.boot(["--broker", `mqtt://${this.lines.kiosk.host}`]);
    return this.kiosk;
  }

  /** As every night. Its waits between calls begin anew. */
  async rebooted(): Promise<void> {
    const code = await this.kiosk?.stop();
    if (code !== 0) throw new Error(`the kiosk ended with ${code}:\n${this.kiosk?.said}`);
    await this.boot();
  }

  /** Asks the database, past the line on which things happen. */
  async ask<Row extends object>(statement: string, given: readonly unknown[] = []): Promise<readonly Row[]> {
    const client = new pg.Client({ connectionString: this.url });
    client.on("error", () => {});
    await client.connect();
    try {
      return (await client.query<Row>(statement, [...given])).rows;
    } finally {
      await client.end();
    }
  }

  async end(): Promise<void> {
    await this.street.end();
    await this.centre.end();
    await Promise.all(Object.values(this.lines).map((line) => line.close()));
    await Promise.all([this.broker.stop(), this.database.stop()]);
  }
}

/** A dead line is found in 45 s instead of three minutes. */
function withQuickKeepalive({ folder }: Street): void {
  const station = JSON.parse(readFileSync(join(folder.config, "station.json"), "utf8")) as object;
  folder.write("station.json", {
    ...station,
    link: { group: "local", servers: ["mqtt://127.0.0.1:1"], keepalive: 30 },
  });
}
