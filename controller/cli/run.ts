import { once } from "node:events";
import { openNotify, type Notify } from "../notify.ts";
import { release } from "../release.ts";
import { stationInForce } from "../store/in-force.ts";
import { machineClock, machineLog } from "../world.node.ts";
import { withBroker } from "./broker-option.ts";
import { tellMistakes } from "./check.ts";
import { openData, openGlass, orderToStop, startOnceUsable, type Asked } from "./running.ts";

export interface RunOptions {
  readonly config: string;
  readonly data: string;
  readonly port: number;
  /** A broker in place of the station file's. */
  readonly broker?: string;
}

/** `yizhan run`: the kiosk on its hardware, until it is told to stop. */
export async function run(options: RunOptions): Promise<number> {
  const order = orderToStop().signal;
  const log = machineLog();
  const notify = openNotify({ socket: process.env["NOTIFY_SOCKET"], note: log.note });
  const clock = machineClock(release.releasedAt);
  for (;;) {
    const inForce = await stationInForce(options.config, options.data);
    if (!inForce.ok) return tellMistakes(inForce.error);
    const ended = await serve(
      {
        loaded: withBroker(inForce.value.loaded, options.broker),
        station: { folder: options.config, inForce: inForce.value },
        dir: options.data,
        port: options.port,
        clock,
        log,
        simulated: false,
        serving: (status) => notify.ready(status),
        alive: () => notify.alive(),
      },
      notify,
      order,
    );
    if (ended !== "anew") return ended;
  }
}

/** One run of the kiosk, to the order to stop or to its own wish to be started anew. */
async function serve(asked: Asked, notify: Notify, order: AbortSignal): Promise<number | "anew"> {
  const { log } = asked;
  const [screen, first] = await Promise.all([openGlass(asked), openData(asked)]);
  if (!first.ok && first.error.held) {
    if (screen.ok) await screen.value.close();
    return complain(first.error.says);
  }
  if (!screen.ok) {
    if (first.ok) await first.value.disk.close();
    return complain(screen.error.detail);
  }
  const running = await startOnceUsable(asked, first, screen.value, order);
  if (running === undefined) {
    await screen.value.close();
    return 0;
  }
  await asked.serving(`serving at ${screen.value.url}`);
  log.note("kiosk.serving", { url: screen.value.url });
  const stopped = order.aborted ? Promise.resolve() : once(order, "abort");
  const anew = await Promise.race([running.kiosk.startAnew, stopped.then(() => undefined)]);
  if (anew === undefined) await notify.stopping();
  const why = anew ?? String(order.reason);
  await running.stop(why);
  log.note("kiosk.stopped", { why });
  return anew === undefined ? 0 : "anew";
}

function complain(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return 1;
}
