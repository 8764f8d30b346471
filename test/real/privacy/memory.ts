import { once } from "node:events";
import type { Content } from "./figures.ts";

// What a running kiosk still refers to. V8 tells it through the inspector, which each Node process opens at SIGUSR1:
// strings, numbers, buffers and arrays of numbers that are reachable after a collection, in the main thread and in the
// disk's. What was freed and is not overwritten yet, and what the kernel and libuv hold, it does not tell.

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly chunk?: string; readonly sessionId?: string; readonly message?: string };
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** Words before the command by which the inspector takes any free port. */
export const inspectable: readonly string[] = ["env", "NODE_OPTIONS=--inspect-port=127.0.0.1:0"];

/** A conversation with one thread. */
class Thread {
  readonly #send: (message: string) => void;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #asked = 0;
  /** Told of what comes without having been asked. */
  told: (answer: Answer) => void = () => {};

  constructor(send: (message: string) => void) {
    this.#send = send;
  }

  hear(message: string): void {
    const answer = JSON.parse(message) as Answer;
    if (answer.id === undefined) this.told(answer);
    else this.#waiting.get(answer.id)?.(answer);
  }

  ask(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.#asked;
    this.#send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        this.#waiting.delete(id);
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result ?? {});
      });
    });
  }
}

/** What V8 has written down of a heap: of each node a few numbers, whose meaning stands beside. */
interface Snapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly (readonly string[])[] };
  };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

/** What is reachable in a process. */
export interface Memory {
  readonly texts: readonly Content[];
  /** Those that stand for themselves, as text; and those of arrays. */
  readonly numbers: readonly Content[];
  readonly buffers: readonly Content[];
}

interface Thing {
  readonly result: { readonly objectId?: string; readonly value?: unknown };
}

/** Every object that has this prototype, as `read` makes text of them. */
async function allOf(thread: Thread, prototype: string, read: string): Promise<string> {
  const objectGroup = "searched";
  const { result } = (await thread.ask("Runtime.evaluate", { expression: prototype, objectGroup })) as unknown as Thing;
  const { objects } = (await thread.ask("Runtime.queryObjects", {
    prototypeObjectId: result.objectId,
    objectGroup,
  })) as unknown as { objects: { objectId: string } };
  const answer = (await thread.ask("Runtime.callFunctionOn", {
    objectId: objects.objectId,
    functionDeclaration: read,
    returnByValue: true,
  })) as unknown as Thing;
  await thread.ask("Runtime.releaseObjectGroup", { objectGroup });
  return String(answer.result.value);
}

/** Numbers of the heap, as text: V8 writes each down as a string that takes no room. */
function numbersOf({ snapshot: { meta }, nodes, strings }: Snapshot): string {
  const { length } = meta.node_fields;
  const field = (name: string): number => meta.node_fields.indexOf(name);
  const [type, name, size] = [field("type"), field("name"), field("self_size")];
  const string = meta.node_types[0]?.indexOf("string");
  const names: string[] = [];
  for (let node = 0; node < nodes.length; node += length)
    if (nodes[node + type] === string && nodes[node + size] === 0) names.push(strings[nodes[node + name] ?? 0] ?? "");
  return names.join("\n");
}

async function reachable(thread: Thread): Promise<Memory> {
  const flag = `process.getBuiltinModule("v8").setFlagsFromString("--heap-snapshot-string-limit=10000000")`;
  await thread.ask("Runtime.evaluate", { expression: flag });
  await thread.ask("HeapProfiler.collectGarbage");
  const buffers = await allOf(
    thread,
    "ArrayBuffer.prototype",
    'function () { return this.map((one) => Buffer.from(one).toString("base64")).join(" "); }',
  );
  const numbers = await allOf(
    thread,
    "Array.prototype",
    'function () { return this.flatMap((one) => one.filter((n) => typeof n === "number" && n % 1 !== 0)).join("\\n"); }',
  );
  const chunks: string[] = [];
  thread.told = ({ method, params }) => {
    if (method === "HeapProfiler.addHeapSnapshotChunk") chunks.push(params?.chunk ?? "");
  };
  await thread.ask("HeapProfiler.takeHeapSnapshot", { reportProgress: false, captureNumericValue: true });
  const snapshot = JSON.parse(chunks.join("")) as Snapshot;
  return {
    texts: [snapshot.strings.join("\n")],
    numbers: [numbers, numbersOf(snapshot)],
    buffers: buffers.split(" ").map((one) => Buffer.from(one, "base64")),
  };
}

/** What the process still refers to, in all its threads. `said`: all that it has printed. */
export async function memoryOf(kiosk: { readonly pid: number; said: string }): Promise<Memory> {
  const door = (): string | undefined => /listening on (ws:\S+)/.exec(kiosk.said)?.[1];
  if (door() === undefined) process.kill(kiosk.pid, "SIGUSR1");
  while (door() === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  const line = new WebSocket(door() ?? "");
  await once(line, "open");
  const main = new Thread((message) => line.send(message));
  line.addEventListener("message", ({ data }) => main.hear(String(data)));
  const others = new Map<string, Thread>();
  main.told = ({ method, params }) => {
    const sessionId = params?.sessionId ?? "";
    if (method === "NodeWorker.attachedToWorker")
      others.set(
        sessionId,
        new Thread((message) => void main.ask("NodeWorker.sendMessageToWorker", { sessionId, message })),
      );
    if (method === "NodeWorker.receivedMessageFromWorker") others.get(sessionId)?.hear(params?.message ?? "");
  };
  await main.ask("NodeWorker.enable", { waitForDebuggerOnStart: false });
  if (others.size === 0) throw new Error("the disk has no thread of its own");
  const all: Memory[] = [];
  for (const thread of [...others.values(), main]) all.push(await reachable(thread));
  line.close();
  return {
    texts: all.flatMap(({ texts }) => texts),
    numbers: all.flatMap(({ numbers }) => numbers),
    buffers: all.flatMap(({ buffers }) => buffers),
  };
}
