import { encode } from "../../devices/health/sinocare-wl-wire.ts";
import { framesASecond, oximeterLoad, restlessFrame } from "../devices/health/oximeter-load.ts";
import { layCable, type Cable } from "./cable.ts";
import { cabinAlone, wireOf } from "./cabin-station.ts";
import { atMost, ms, times, type Figure, type Row } from "./figure.ts";
import { openGlass, type BenchGlass } from "./glass.ts";
import { processorShare, startKiosk, type BenchKiosk } from "./kiosk.ts";
import { median, percentile, rest } from "./statistics.ts";

const results = 60;
const stops = 20;
const waveSeconds = 60;
const idleSeconds = 20;
/** A result that comes sooner after another is taken for the same, said twice. */
const betweenResults = 3100;
/** Until a wave is drawn and the loop has come to rest. */
const settles = 1500;

/** A person at the glass. */
interface Seat {
  readonly kiosk: BenchKiosk;
  readonly glass: BenchGlass;
}

const pageOf = (html: string): string => /class="main cabin ([\w-]+)/.exec(html)?.[1] ?? "none";
const until = ({ glass }: Seat, page: string) => glass.until(`the page ${page}`, (html) => pageOf(html) === page);

/** From the first screen until the instrument of this step is waited for. */
async function sitDown(seat: Seat, step: string, more: readonly string[] = []): Promise<void> {
  for (const key of ["cabin", "agree", "male", "4", "5", "next", "next"]) await seat.kiosk.press(key);
  await takeUp(seat, step, more);
}

/** From all steps until the instrument of this one is waited for. */
async function takeUp(seat: Seat, step: string, more: readonly string[] = []): Promise<void> {
  for (const key of [`step:${step}`, ...more]) await seat.kiosk.press(key);
  await until(seat, "prepare");
  await seat.kiosk.press("ready");
  await until(seat, "measuring");
}

/** Milliseconds from a press over HTTP to the painted page that it leads to. */
async function pressed(seat: Seat, key: string, page: string): Promise<number> {
  const began = performance.now();
  void seat.kiosk.press(key);
  return (await until(seat, page)).at - began;
}

/** A glucose that is nobody else's, in mmol/L, and ordinary after a meal: no two in a row are equal. */
const glucoseOf = (n: number): number => (45 + (n % 30)) / 10;

/** A result of the meter, whose clock goes on a minute each time. */
function resultFrame(n: number): Uint8Array {
  const tenths = Math.round(glucoseOf(n) * 10);
  const data = [26, 11, 1 + Math.floor(n / 1440), Math.floor(n / 60) % 24, n % 60, 0, tenths >> 8, tenths & 0xff];
  return encode({ machine: 4, command: 0x04, data: Uint8Array.from([...data, 0, 0, 0xcd, 0x18]) });
}

/** From the last byte of a result at the pseudo-terminal to its value on the glass, and from a press to its page. */
async function shown(seat: Seat, meter: Cable): Promise<{ readonly values: number[]; readonly presses: number[] }> {
  const values: number[] = [];
  const presses: number[] = [];
  await sitDown(seat, "glucose", ["after-meal"]);
  for (let n = 0; n < results; n++) {
    await rest(betweenResults + Math.random() * 100);
    const value = new RegExp(`>\\s*${glucoseOf(n).toFixed(1)}\\b`);
    const began = performance.now();
    meter.says(resultFrame(n));
    const picture = await seat.glass.until("the value", (html) => pageOf(html) === "told" && value.test(html));
    values.push(picture.at - began);
    await rest(50 + Math.random() * 100);
    presses.push(await pressed(seat, "again", "prepare"));
    await pressed(seat, "ready", "measuring");
  }
  await seat.kiosk.press("end");
  await seat.kiosk.press("end");
  return { values, presses };
}

/** A restless finger in the oximeter: a frame each sixtieth of a second until it is stopped. */
function finger(oximeter: Cable): { stop(): void } {
  const began = performance.now();
  let frames = 0;
  const timer = setInterval(() => {
    for (; frames < ((performance.now() - began) * framesASecond) / 1000; frames++)
      oximeter.says(restlessFrame(frames));
  }, 1000 / framesASecond);
  return { stop: () => clearInterval(timer) };
}

/** What is drawn while somebody's pulse is seen. */
interface Wave {
  readonly idle: number;
  readonly share: number;
  /** Milliseconds between two pictures of the wave. */
  readonly gaps: readonly number[];
  readonly stops: readonly number[];
}

async function wave(seat: Seat, oximeter: Cable): Promise<Wave> {
  await sitDown(seat, "oxygen");
  const idle = await processorShare(seat.kiosk.pid, idleSeconds);
  const inside = finger(oximeter);
  await rest(settles);
  const before = (await seat.glass.waves()).length;
  const share = await processorShare(seat.kiosk.pid, waveSeconds);
  const drawn = (await seat.glass.waves()).slice(before);
  const gaps = drawn.slice(1).map((at, n) => at - (drawn[n] ?? at));
  const took: number[] = [];
  for (let n = 0; n < stops; n++) {
    took.push(await pressed(seat, "stop", "steps"));
    await takeUp(seat, "oxygen");
    await rest(settles);
  }
  inside.stop();
  return { idle, share, gaps, stops: took };
}

const percent = (share: number): string => `${share.toFixed(2)} %`;
const spread = (what: string, all: readonly number[], limit?: number): readonly Row[] => [
  {
    what: `${what}, 95 of 100 within`,
    value: ms(percentile(all, 0.95)),
    ...(limit === undefined ? {} : { goal: atMost(percentile(all, 0.95), limit, `${limit} ms`) }),
  },
  { what: `${what}, median`, value: ms(median(all)) },
  { what: `${what}, slowest`, value: ms(Math.max(...all)) },
];

export async function cabin(): Promise<Figure> {
  const folder = await cabinAlone([
    { id: "sugar", profile: "sinocare-wl1" },
    { id: "oxygen", profile: "contec-cms50" },
  ]);
  const meter = await layCable(wireOf(folder, "sugar"));
  const oximeter = await layCable(wireOf(folder, "oxygen"));
  const kiosk = await startKiosk(folder);
  const glass = await openGlass(kiosk);
  const seat = { kiosk, glass };
  await rest(settles);
  const { values, presses } = await shown(seat, meter);
  const drawn = await wave(seat, oximeter);
  await glass.end();
  await kiosk.stop();
  await Promise.all([meter.end(), oximeter.end()]);
  folder.remove();
  const driver = await oximeterLoad(waveSeconds);

  const ratio = median(values) / median(presses);
  return {
    title: "Health cabin: from the instrument to the glass",
    how: `\`yizhan run\` with a glucose meter and an oximeter, each at a pseudo-terminal of its own, and its page in Chromium at 1024x600 without a graphics card, all on this machine. From the last byte of a result to the page's word that its value is painted, as this process hears it: ${results} results. Beside it as many presses over HTTP to the page that they lead to, heard likewise. Then ${waveSeconds} s of an oximeter's 60 frames a second, whose wave is drawn ten times a second, by the page's own clock, and ${stops} presses of "stop" meanwhile. The driver alone: the same stream without port, kiosk and page.`,
    rows: [
      ...spread("value of a result", values, 100),
      ...spread("page of a press", presses),
      { what: "value to press, medians", value: times(ratio) },
      { what: "wave: pictures a second", value: ((drawn.gaps.length + 1) / waveSeconds).toFixed(1) },
      { what: "wave: longest time between two pictures", value: ms(Math.max(...drawn.gaps)) },
      { what: "wave: time between two pictures, 99 of 100 within", value: ms(percentile(drawn.gaps, 0.99)) },
      ...spread('wave: "stop"', drawn.stops),
      {
        what: "wave: share of a processor, whole kiosk",
        value: percent(drawn.share),
        goal: atMost(drawn.share, 3, "3 %"),
      },
      {
        what: "wave: share of a processor, driver alone",
        value: percent(driver.share * 100),
        goal: atMost(driver.share * 100, 3, "3 %"),
      },
      { what: "waiting for a finger: share of a processor, whole kiosk", value: percent(drawn.idle) },
    ],
  };
}
