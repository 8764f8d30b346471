import { createServer, request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openScreen, type OpenScreen } from "../../controller/screen/server.ts";
import { millis } from "../../devices/kit/clock.ts";
import { stationWith } from "./gallery.ts";

let screen: OpenScreen;
let mono = 0;
const clock = { mono: () => millis(mono) };
const station = stationWith(222);
const pressed: string[] = [];
const painted: number[] = [];

beforeEach(async () => {
  mono = 1000;
  pressed.length = 0;
  painted.length = 0;
  const opened = await openScreen({ station, port: 0, clock });
  if (!opened.ok) throw new Error(opened.error.detail);
  screen = opened.value;
  screen.stage.listen({ press: (key) => pressed.push(key), painted: (revision) => painted.push(revision) });
});
afterEach(() => screen.close());

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Record<string, unknown>;
}

/** fetch() would not let us lie about Host. */
const ask = (method: string, path: string, body = "", headers: Record<string, string> = {}): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const asked = request(new URL(path, screen.url), { method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
    });
    asked.on("error", reject);
    asked.end(body);
  });

const press = (key: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  ask("POST", "/press", JSON.stringify({ key }), headers);

it("serves everything the page needs by itself, and nothing from elsewhere", async () => {
  const page = await ask("GET", "/");
  expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
  const needed = [...page.text.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map((found) => found[1] ?? "");
  expect(needed).toHaveLength(7);
  for (const file of needed) {
    const { status, text } = await ask("GET", file);
    expect([file, status]).toEqual([file, 200]);
    expect(text).not.toMatch(/https?:|@import|url\(/);
  }
  expect(page.text).not.toMatch(/https?:/);
});

it("hands every key of the model on, and no other word", async () => {
  const keys = ["0", "9", "back", "clear", "language", "cancel", "go-on", "choose:1", "taken", "face:poor"];
  for (const key of keys) expect((await press(key)).status).toBe(204);
  for (const odd of ["ok", "10", "", "face:great", "choose:", "choose:1x", 5, null, ["1"]]) {
    expect((await press(odd)).status).toBe(400);
  }
  for (const body of ["", "{", "null", "7"]) expect((await ask("POST", "/press", body)).status).toBe(400);
  expect(pressed).toEqual(keys);
});

it("refuses a body that is too long for a key", async () => {
  const { status } = await ask("POST", "/press", JSON.stringify({ key: "1", filler: "x".repeat(5000) }));
  expect(status).toBe(413);
  expect(pressed).toEqual([]);
});

it("obeys its own page only: a foreign origin, a foreign site and a re-pointed name are turned away", async () => {
  expect((await press("1", { origin: "http://example.com" })).status).toBe(403);
  expect((await press("1", { origin: "null" })).status).toBe(403);
  expect((await press("1", { "sec-fetch-site": "cross-site" })).status).toBe(403);
  expect((await press("1", { host: "kiosk.example.com" })).status).toBe(421);
  expect((await ask("GET", "/feed", "", { host: "127.0.0.1.example.com:80" })).status).toBe(421);
  expect(pressed).toEqual([]);
  expect((await press("1", { origin: new URL(screen.url).origin, "sec-fetch-site": "same-origin" })).status).toBe(204);
  expect((await press("2", { host: "localhost:8080" })).status).toBe(204);
  expect(pressed).toEqual(["1", "2"]);
});

it("says that there is nothing at any other path", async () => {
  expect((await ask("GET", "/../package.json")).status).toBe(404);
  expect((await ask("GET", "/press")).status).toBe(404);
  expect((await ask("POST", "/")).status).toBe(404);
});

it("tells in a sentence that the port is taken", async () => {
  const { port } = new URL(screen.url);
  const second = await openScreen({ station, port: Number(port), clock });
  expect(second).toMatchObject({ ok: false, error: { kind: "busy" } });
  expect(second.ok ? "" : second.error.detail).toBe(
    `port ${port} is in use already: stop the other program, or choose another port with --port`,
  );
});

it("tells in a sentence that the host is none of this machine's", async () => {
  const opened = await openScreen({ station, port: 0, host: "192.0.2.1", clock });
  expect(opened.ok ? "" : opened.error.detail).toMatch(/192\.0\.2\.1 is no address of this machine/);
});

describe("for the watchdog", () => {
  const paint = (revision: number): Promise<Reply> => ask("POST", "/painted", JSON.stringify({ revision }));

  it("remembers when the present revision was last on the glass", async () => {
    expect(screen.lastPainted()).toBeUndefined();
    screen.stage.show({ language: "en", body: { is: "checking" } }, 7);
    mono = 2000;
    await paint(7);
    expect(screen.lastPainted()).toBe(2000);
    mono = 3000;
    await paint(7);
    expect(screen.lastPainted()).toBe(3000);
    expect(painted).toEqual([7, 7]);
  });

  it("does not take a page for alive that still shows an older revision", async () => {
    screen.stage.show({ language: "en", body: { is: "checking" } }, 7);
    await paint(7);
    screen.stage.show({ language: "en", body: { is: "starting" } }, 8);
    mono = 9000;
    await paint(7);
    expect(screen.lastPainted()).toBe(1000);
    expect(painted).toEqual([7, 7]);
  });

  it("takes only whole numbers for revisions", async () => {
    for (const odd of ['{"revision":1.5}', '{"revision":"1"}', "{}"]) {
      expect((await ask("POST", "/painted", odd)).status).toBe(400);
    }
    expect(painted).toEqual([]);
  });
});

it("no longer tells a listener that has stopped", async () => {
  const heard: string[] = [];
  const listening = screen.stage.listen({ press: (key) => heard.push(key), painted() {} });
  await press("1");
  listening.stop();
  await press("2");
  expect(heard).toEqual(["1"]);
});

it("gives its port back when it is closed, though pages still watch", async () => {
  const { port } = new URL(screen.url);
  const feed = request(new URL("/feed", screen.url));
  const ended = new Promise((resolve) => feed.on("response", (response) => response.resume().on("close", resolve)));
  feed.on("error", () => {});
  feed.end();
  await new Promise((resolve) => feed.on("response", resolve));
  await screen.close();
  await ended;
  const next = createServer();
  await new Promise<void>((resolve) => next.listen(Number(port), "127.0.0.1", resolve));
  expect(next.listening).toBe(true);
  await new Promise((resolve) => next.close(resolve));
});
