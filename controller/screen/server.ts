import type * as http from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import type { Station } from "../../config/schema.ts";
import type { Clock, Millis } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import type { Stage, World } from "../world.ts";
import { admitted, heard, spoken } from "./door.ts";
import { drawerView, longestScan, playedIn, type Drawer } from "./drawer.ts";
import type { Screen } from "./model.ts";
import { filesOf } from "./page.ts";
import type { Report } from "./report.ts";
import { view } from "./view.ts";
import { leftOf, technicianPage } from "./views/technician.ts";
import type { Face } from "./views/parts.ts";
import { watcher, type Watcher } from "./watcher.ts";

// Imported, it brings along Node's client for WebSockets, which nobody here speaks: 11 MB and half the start.
const { createServer } = createRequire(import.meta.url)("node:http") as typeof http;

export interface ScreenOptions {
  readonly station: Station;
  /** 0 takes any free port. */
  readonly port: number;
  readonly host?: string;
  /** Tells when a page last painted. */
  readonly clock: Pick<Clock, "mono">;
  /** Shows the striped banner. */
  readonly simulated?: boolean;
}

export interface OpenScreen {
  readonly stage: Stage;
  readonly voice: World["voice"];
  /** Such as "http://127.0.0.1:8080/". */
  readonly url: string;
  /** Monotonic time at which a page last said that the present revision is on its glass; absent before the first. */
  lastPainted(): Millis | undefined;
  /** From now on the technician's page at /technician tells what `read` gives. */
  tellTechnicians(read: () => Report): void;
  /** From now on the simulation's page has a drawer with this in it. */
  fillDrawer(drawer: Drawer): void;
  close(): Promise<void>;
}

/** A text to scan, as JSON: a character may take six of them. */
const mostPlayed = 6 * longestScan + 32;

/** The worker's screen as a page on the loopback. It keeps no record of what is pressed. */
export async function openScreen(options: ScreenOptions): Promise<Result<OpenScreen>> {
  const { station, port, host = "127.0.0.1", clock, simulated = false } = options;
  const face: Face = { station, simulated };
  const workers = new Set<Parameters<Stage["listen"]>[0]>();
  const watchers = new Set<Watcher>();
  let present: { readonly screen: Screen; readonly revision: number } = {
    screen: { language: "zh-CN", body: { is: "starting" } },
    revision: 0,
  };
  let paintedAt: Millis | undefined;
  let report: (() => Report) | undefined;
  let drawer: Drawer | undefined;

  const page = filesOf(face);
  const news = (): string => JSON.stringify({ revision: present.revision, html: view(present.screen, face).text });

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = admitted(request, host);
    if (refused) return reply(response, refused.status, refused.why);
    const asked = `${request.method} ${request.url}`;
    const file = page.files.get(asked);
    if (file) return reply(response, 200, file.text, file.type);
    if (asked === "GET /feed") return feed(response);
    if (report && request.method === "GET" && /^\/technician(\?|$)/.test(request.url ?? ""))
      return reply(response, 200, technicianPage(report(), leftOf(request.url ?? "")), "text/html; charset=utf-8");
    if (drawer && asked === "GET /drawer") return reply(response, 200, drawerView(drawer), "text/html; charset=utf-8");
    if (drawer && asked === "POST /play") {
      const said = await heard(request, mostPlayed);
      if (!said.ok) return reply(response, said.error.status, said.error.why);
      return playedIn(drawer, said.value)
        ? reply(response, 204, "")
        : reply(response, 400, "The drawer plays an item, or scans a text.");
    }
    if (asked === "POST /press" || asked === "POST /painted") {
      const said = await spoken(request);
      if (!said.ok) return reply(response, said.error.status, said.error.why);
      if (asked === "POST /press" && said.value.key !== undefined) {
        for (const worker of workers) worker.press(said.value.key);
      } else if (asked === "POST /painted" && said.value.revision !== undefined) {
        if (said.value.revision === present.revision) paintedAt = clock.mono();
        for (const worker of workers) worker.painted(said.value.revision);
      } else return reply(response, 400, "A press names a key, an acknowledgement a revision.");
      return reply(response, 204, "");
    }
    reply(response, 404, "There is nothing here. The screen is at /.");
  }

  function feed(response: ServerResponse): void {
    const viewer = watcher(response, news);
    watchers.add(viewer);
    response.on("close", () => watchers.delete(viewer));
    viewer.say("edition", page.edition);
    viewer.refresh();
  }

  const listening = await listen(server, port, host);
  if (!listening.ok) return listening;

  return ok({
    stage: {
      show(screen, revision) {
        present = { screen, revision };
        for (const viewer of watchers) viewer.refresh();
      },
      listen(worker) {
        workers.add(worker);
        return { stop: () => void workers.delete(worker) };
      },
    },
    voice: {
      chime(kind) {
        for (const viewer of watchers) viewer.say("chime", kind);
      },
    },
    url: `http://${host.includes(":") ? `[${host}]` : host}:${listening.value}/`,
    lastPainted: () => paintedAt,
    tellTechnicians(read) {
      report = read;
    },
    fillDrawer(content) {
      drawer = content;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const viewer of watchers) viewer.end();
      server.closeAllConnections();
      await closed;
    },
  });
}

function reply(response: ServerResponse, status: number, text: string, type = "text/plain; charset=utf-8"): void {
  response
    .writeHead(status, {
      "content-type": type,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "content-security-policy":
        "default-src 'none'; img-src data:; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    })
    .end(text);
}

/** Waits until the door is open; the answer is the port. */
const listen = (server: Server, port: number, host: string): Promise<Result<number>> =>
  new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(err(whyNot(error, port, host))));
    server.listen(port, host, () => resolve(ok((server.address() as AddressInfo).port)));
  });

function whyNot(error: NodeJS.ErrnoException, port: number, host: string) {
  switch (error.code) {
    case "EADDRINUSE":
      return fault(
        "busy",
        `port ${port} is in use already: stop the other program, or choose another port with --port`,
      );
    case "EACCES":
      return fault("misconfigured", `port ${port} may not be opened by this user: choose one above 1023 with --port`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return fault("misconfigured", `${host} is no address of this machine: the screen is served on 127.0.0.1`);
    default:
      return fault("misconfigured", `the screen cannot be served on ${host}:${port}: ${error.message}`);
  }
}
