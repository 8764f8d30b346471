import { chmodSync, rmSync } from "node:fs";
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import { connect } from "node:net";
import { bad, good, type Judged } from "../../protocol/pickup-code/judged.ts";
import type { Desk } from "./desk.ts";

// One process has an embedded database open: the others ask it. HTTP over a Unix socket, so that the rights of the folder
// are the rights to ask, and curl can: curl --unix-socket centre.sock http://centre/status -d '[]'

/** A socket's path has room for so many bytes [unix(7)]. */
const longestPath = 107;
const largestQuestion = 64 * 1024;
const patience = 10_000;

type Question = keyof Desk;
const questions: readonly string[] = [
  "status",
  "register",
  "issue",
  "command",
  "stations",
  "letters",
] satisfies Question[];
const isQuestion = (word: string): word is Question => questions.includes(word);

/** Answers at `path` until it is closed. The caller holds the folder's lock: what lies at the path is a dead one's. */
export async function serveDesk(path: string, desk: Desk): Promise<Judged<{ close(): Promise<void> }>> {
  if (Buffer.byteLength(path) > longestPath)
    return bad(
      `${path} is too long for a socket: at most ${longestPath} letters. Give the centre a folder with a shorter path.`,
    );
  rmSync(path, { force: true });
  const server = createServer((asked, answer) => {
    void answered(desk, asked).then(
      (text) => answer.setHeader("Content-Type", "application/json").end(text),
      (error: unknown) => {
        answer.statusCode = 500;
        answer.end(JSON.stringify(error instanceof Error ? error.message : String(error)));
      },
    );
  });
  const listens = await listening(server, path);
  if (!listens.ok) return listens;
  chmodSync(path, 0o600);
  return good({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

const listening = (server: Server, path: string): Promise<Judged<void>> =>
  new Promise((resolve) => {
    server.once("error", ({ message }) => resolve(bad(`The centre cannot listen on ${path}: ${message}.`)));
    server.listen(path, () => resolve(good(undefined)));
  });

async function answered(desk: Desk, asked: IncomingMessage): Promise<string> {
  const word = (asked.url ?? "").slice(1);
  if (!isQuestion(word)) throw new Error(`The centre knows no question "${word}".`);
  const given: unknown = JSON.parse((await textOf(asked, largestQuestion)) || "[]");
  if (!Array.isArray(given)) throw new Error("Expected a list of arguments.");
  // Whoever may write here owns the database behind it; the types are those of our own command line.
  const answer = await (desk[word] as (...given: unknown[]) => Promise<unknown>)(...given);
  return JSON.stringify(answer ?? null);
}

async function textOf(from: IncomingMessage, limit = Infinity): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of from) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > limit) throw new Error(`At most ${limit} bytes are read.`);
  }
  return Buffer.concat(chunks).toString();
}

/** Whether a running centre answers there. */
export const isServed = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    const done = (answer: boolean) => resolve((socket.destroy(), answer));
    socket.once("connect", () => done(true)).once("error", () => done(false));
  });

/** The desk of the process that listens at `path`. Rejects with sentences. */
export function remoteDesk(path: string): Desk {
  const ask = <T>(word: Question, ...given: readonly unknown[]): Promise<T> =>
    new Promise((resolve, reject) => {
      const asking = request({ socketPath: path, path: `/${word}`, method: "POST", timeout: patience }, (answer) => {
        void textOf(answer).then((text) => {
          const said: unknown = JSON.parse(text);
          if (answer.statusCode === 200) resolve(said as T);
          else reject(new Error(String(said)));
        }, reject);
      });
      asking.once("timeout", () => asking.destroy(new Error("The running centre does not answer. Restart it.")));
      asking.once("error", (error: NodeJS.ErrnoException) => {
        const isGone = error.code === "ENOENT" || error.code === "ECONNREFUSED" || error.code === "ECONNRESET";
        reject(isGone ? new Error("The centre was stopped meanwhile. Start it, and ask again.") : error);
      });
      asking.end(JSON.stringify(given));
    });
  return {
    status: () => ask("status"),
    register: (station) => ask("register", station),
    issue: (envelope) => ask("issue", envelope),
    command: (id) => ask("command", id),
    stations: () => ask("stations"),
    letters: (asked) => ask("letters", asked),
  };
}
