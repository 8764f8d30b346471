import { loadStation } from "../../config/load.ts";
import { openNotify } from "../notify.ts";
import { release } from "../release.ts";
import { machineClock, machineLog } from "../world.node.ts";
import { given, openData, openGlass, orderToStop, startOnceUsable, type Asked } from "./running.ts";
import { tellMistakes } from "./check.ts";

/** `yizhan run`: the kiosk on its hardware, until it is told to stop. */
export async function run(options: { config: string; data: string; port: number }): Promise<number> {
  const order = orderToStop().signal;
  const loaded = await loadStation(options.config);
  if (!loaded.ok) return tellMistakes(loaded.error);
  const log = machineLog();
  const notify = openNotify({ socket: process.env["NOTIFY_SOCKET"], note: log.note });
  const asked: Asked = {
    loaded: loaded.value,
    dir: options.data,
    port: options.port,
    clock: machineClock(release.releasedAt),
    log,
    simulated: false,
    serving: (status) => notify.ready(status),
    alive: () => notify.alive(),
  };

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
  const why = await given(order);
  await notify.stopping();
  await running.stop(why);
  log.note("kiosk.stopped", { why });
  return 0;
}

function complain(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return 1;
}
