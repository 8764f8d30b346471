import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";

/** A retained message: what stands on the broker for whoever comes later. */
export interface StandingMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1;
}

export interface Standing {
  /** As they were when the folder was opened. */
  readonly messages: readonly StandingMessage[];
  /** Resolves when it is on the disk. An empty payload takes the topic's message away. */
  put(message: StandingMessage): Promise<void>;
}

const schema = v.object({ topic: v.string(), qos: v.picklist([0, 1]), payload: v.string() });

/** One file a topic, each whole or not there, so that a power cut costs at most the newest message. */
export function openStanding(folder: string): Standing {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (topic: string): string =>
    join(folder, `${createHash("sha256").update(topic).digest("hex").slice(0, 32)}.json`);
  /** Of one topic the newest is written last. */
  const writing = new Map<string, Promise<void>>();

  const write = async ({ topic, payload, qos }: StandingMessage) => {
    const file = fileOf(topic);
    if (payload.length === 0) return rm(file, { force: true });
    const text = JSON.stringify({ topic, qos, payload: Buffer.from(payload).toString("base64") });
    await writeFile(`${file}.new`, text, { mode: 0o600, flush: true });
    return rename(`${file}.new`, file);
  };

  return {
    messages: readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .flatMap((name) => readStanding(join(folder, name))),
    put(message) {
      const turn = (writing.get(message.topic) ?? Promise.resolve()).then(() => write(message));
      const settled = turn
        .catch(() => {})
        .then(() => {
          if (writing.get(message.topic) === settled) writing.delete(message.topic);
        });
      writing.set(message.topic, settled);
      return turn;
    },
  };
}

/** A file that is none of ours is left alone. */
function readStanding(file: string): readonly StandingMessage[] {
  try {
    const judged = v.safeParse(schema, JSON.parse(readFileSync(file, "utf8")));
    if (!judged.success) return [];
    const { topic, qos, payload } = judged.output;
    return [{ topic, qos, payload: Buffer.from(payload, "base64") }];
  } catch {
    return [];
  }
}
