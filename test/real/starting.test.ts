import { chmodSync, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, test, vi } from "vitest";
import { freePort } from "./children.ts";
import { Kiosk } from "./kiosk.ts";
import { ledgerOf } from "./promises.ts";
import { tcn } from "./station.ts";
import { endStreets, Street } from "./street.ts";

// Many processes share a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

// What can be wrong when a kiosk starts. What a restart cannot mend ends it with exit code 1 and a sentence; with
// everything else it runs, and its screen says what a worker can do.

afterAll(endStreets);

test.concurrent("a second kiosk on the same data folder ends with the number of the first, which goes on", async ({
  expect,
}) => {
  const street = await Street.lay(tcn);
  const first = await street.boot();
  await first.hear("device.working");
  for (const port of [await freePort(), first.port]) {
    const second = await Kiosk.start(street.folder, port);
    expect(await second.exit()).toBe(1);
    expect(second.complaint).toBe(
      `Another kiosk (process ${first.pid}) already uses the data folder ${street.folder.data}. ` +
        "Stop that one first, or name another folder with --data.\n",
    );
  }
  await first.type(street.freshCode());
  await first.until("choose");
});

test.concurrent("a port in use is told, with what to do", async ({ expect }) => {
  const street = await Street.unplugged(tcn);
  const other = createServer();
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  const kiosk = await Kiosk.start(street.folder, port);
  expect(await kiosk.exit()).toBe(1);
  expect(kiosk.complaint).toBe(
    `port ${port} is in use already: stop the other program, or choose another port with --port\n`,
  );
  other.close();
  // What it had opened by then is free again.
  expect(await (await street.boot()).hear("kiosk.serving")).toBeDefined();
});

test.concurrent("every mistake in the station file is a line, and nothing is begun", async ({ expect }) => {
  const street = await Street.unplugged(tcn);
  const station = JSON.parse(readFileSync(join(street.folder.config, "station.json"), "utf8")) as Record<
    string,
    unknown
  >;
  street.folder.write("station.json", { ...station, keyDays: "many", colour: "red" });
  const kiosk = await street.boot();
  expect(await kiosk.exit()).toBe(1);
  expect(kiosk.complaint.split("\n")).toEqual([
    'station.json: keyDays: expected a whole number from 1 to 62, found "many"',
    expect.stringMatching(/^station\.json: colour: no such field; the fields here are /),
    "2 mistakes.",
    "",
  ]);
  expect(existsSync(join(street.folder.data, "kiosk.db"))).toBe(false);
});

test.concurrent("a campaign with a bad signature is not obeyed: the screen says so, the ledger once, and a good one mends it", async ({
  expect,
}) => {
  const street = await Street.lay(tcn);
  const path = join(street.folder.config, "campaigns/summer.json");
  const good = readFileSync(path, "utf8");
  street.folder.write("campaigns/summer.json", good.replace('"water"', '"soda"'));
  const why =
    "Its signature is not that of the release key r1: it was changed after signing, or signed with another key.";
  for (let start = 0; start < 2; start++) {
    const kiosk = await street.boot();
    const { detail } = await kiosk.hear("file.refused");
    expect(detail).toBe(`campaigns/summer.json: ${why}`);
    await kiosk.until("E21");
    await kiosk.type("1");
    await kiosk.untilTrue(() => kiosk.glass.html.includes('data-refusal="E21"'), "a digit is answered with E21");
    expect(await kiosk.stop()).toBe(0);
  }
  const refusals = (await ledgerOf(street)).filter(({ type }) => type === "file-refused");
  expect(refusals.map(({ data }) => data)).toEqual([{ file: "campaigns/summer.json", why }]);

  street.folder.write("campaigns/summer.json", good);
  const mended = await street.boot();
  await mended.hear("device.working");
  await mended.type(street.freshCode());
  await mended.until("choose");
});

test.concurrent("a kiosk whose ledger is damaged in the middle sets it aside, and says which file to keep", async ({
  expect,
}) => {
  const street = await Street.lay(tcn);
  const first = await street.boot();
  await first.hear("device.working");
  await first.stop();
  const ledger = new DatabaseSync(join(street.folder.data, "kiosk.db"));
  ledger.exec("DROP TRIGGER ledger_is_never_changed; UPDATE ledger SET at = at + 1 WHERE seq = 5");
  ledger.close();

  const kiosk = await street.boot();
  const { detail } = await kiosk.hear("data.unusable");
  expect(detail).toContain("in entry 5, its content does not match its hash");
  await kiosk.until("E10");
  const aside = await kiosk.hear("ledger.set-aside");
  expect(aside["detail"]).toContain("set aside as kiosk.db.set-aside-1");
  expect(existsSync(join(street.folder.data, "kiosk.db.set-aside-1"))).toBe(true);
  await kiosk.hear("device.working");
  await kiosk.type(street.freshCode());
  await kiosk.until("choose");
});

test.concurrent("a kiosk that waits for its data folder ends when it is told to", async ({ expect }) => {
  const street = await Street.lay(tcn);
  chmodSync(join(street.folder.data, "kiosk.key"), 0o644);
  const kiosk = await street.boot();
  await kiosk.hear("data.unusable");
  expect(await kiosk.stop()).toBe(0);
});

test.concurrent("a kiosk whose key others may read waits until they may not", async ({ expect }) => {
  const street = await Street.lay(tcn);
  const key = join(street.folder.data, "kiosk.key");
  chmodSync(key, 0o644);
  const kiosk = await street.boot();
  const { detail } = await kiosk.hear("data.unusable");
  expect(detail).toBe(`${key} holds a secret and its mode is 0644, so that others may read it. Run: chmod 600 ${key}`);
  await kiosk.until("E10");
  chmodSync(key, 0o600);
  await kiosk.hear("device.working");
  await kiosk.type(street.freshCode());
  await kiosk.until("choose");
});
