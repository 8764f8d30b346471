/**
 * A process that lives and dies like the kiosk as far as systemd can see: it says when it is open, is fed through the
 * real watchdog, keeps a database in a thread-safe place, and ends on SIGTERM.
 */
import { createServer } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { answers } from "../../controller/freshness.ts";
import { openNotify } from "../../controller/notify.ts";
import { openWatchdog } from "../../controller/watchdog.ts";
import { millis, type Clock } from "../../devices/kit/clock.ts";

const clock: Clock = {
  mono: () => millis(performance.now()),
  wall: () => ({ utc: millis(Date.now()), trusted: false }),
  after(delay, _label, wake) {
    const timer = setTimeout(wake, delay);
    return { cancel: () => clearTimeout(timer) };
  },
};
const note = (event: string, facts?: object) => console.log(event, JSON.stringify(facts ?? {}));

const data = process.argv[process.argv.indexOf("--data") + 1] ?? ".";
const database = new DatabaseSync(join(data, "stand-in.sqlite"));
database.exec("pragma journal_mode=wal; pragma synchronous=full; create table if not exists turns (at integer) strict");
const disk = answers(clock, "disk");

const page = createServer((_request, response) => response.end("open"));
await new Promise<void>((listening) => page.listen(8080, "127.0.0.1", listening));

const notify = openNotify({ socket: process.env["NOTIFY_SOCKET"], note });
const watchdog = openWatchdog({ clock, watched: [disk], alive: () => notify.alive(), note });
await disk.during(wait(1));
database.exec("insert into turns values (1)");
await notify.ready("open on 127.0.0.1:8080");

process.once("SIGTERM", () => {
  watchdog.stop();
  page.close();
  database.close();
  void notify.stopping().then(() => process.exit(0));
});
