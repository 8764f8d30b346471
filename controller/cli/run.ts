import { loadStation } from "../../config/load.ts";
import { openNotify } from "../notify.ts";
import { release } from "../release.ts";
import { machineClock, machineLog } from "../world.node.ts";
import { openGlass, startOn, waitForDisk, type Asked } from "./running.ts";
import { tellMistakes } from "./check.ts";

/** `yizhan run`: the kiosk on its hardware, until it is told to stop. */
export async function run(options: { config: string; data: string; port: number }): Promise<number> {
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
    alive: () => notify.alive(),
  };
  const told = new AbortController();
  const why = new Promise<string>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        told.abort();
        resolve(signal);
      });
    }
  });

  const screen = await openGlass(asked);
  if (!screen.ok) return complain(screen.error.detail);
  // Ready as soon as there is a screen to say what is wrong: its browser is started after this.
  void notify.ready(`the screen is at ${screen.value.url}`);
  const disk = await waitForDisk(asked, screen.value, told.signal);
  if (disk === undefined) {
    await screen.value.close();
    return 0;
  }
  const started = await startOn(asked, screen.value, disk);
  if (!started.ok) {
    await disk.close();
    await screen.value.close();
    return complain(started.error);
  }
  notify.status(`serving at ${screen.value.url}`);
  log.note("kiosk.serving", { url: screen.value.url });
  const signal = await why;
  await notify.stopping();
  await started.value.stop(signal);
  log.note("kiosk.stopped", { why: signal });
  return 0;
}

function complain(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return 1;
}
