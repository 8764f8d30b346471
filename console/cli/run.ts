import { startCentre } from "../centre.ts";
import { refused, say } from "./words.ts";

export interface RunOptions {
  readonly data: string;
  readonly broker?: string;
  readonly port: number;
  readonly database?: string;
  readonly group?: readonly string[];
  readonly hostId: string;
  readonly acceptAll: boolean;
}

/** The centre, until it is told to stop. One JSON object a line, as the kiosk writes them. @returns the exit code. */
export async function run(options: RunOptions): Promise<number> {
  const log = (event: string, facts: Readonly<Record<string, string | number>> = {}) =>
    say(JSON.stringify({ time: new Date().toISOString(), event, ...facts }));
  const order = new Promise<string>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(signal));
  });
  const started = await startCentre({
    folder: options.data,
    port: options.port,
    groups: options.group ?? [],
    hostId: options.hostId,
    acceptAll: options.acceptAll,
    log,
    ...(options.broker === undefined ? {} : { broker: options.broker }),
    ...(options.database === undefined ? {} : { database: options.database }),
  });
  if (!started.ok) return refused(started.error);
  const why = await order;
  await started.value.stop();
  log("centre.stopped", { why });
  return 0;
}
