import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { freePort } from "../children.ts";
import { Kiosk } from "../kiosk.ts";
import { makeStation, tcn, type Folder } from "../station.ts";
import type { Content, Figures } from "./figures.ts";
import { everythingIn, unfolded } from "./folder.ts";
import { Glass } from "./glass.ts";
import { Instrument, type Placed } from "./instrument.ts";
import { inspectable } from "./memory.ts";

/** A health cabin as it stands at a roadside: `yizhan run`, instruments at its lines, Chromium on its glass. */
export class Cabin {
  readonly folder: Folder;
  readonly glass: Glass;
  /** How many pictures the glass had shown when each person sat down. */
  readonly sat: number[] = [];
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #boot: () => Promise<Kiosk>;
  /** Each that was started here, the present one last. */
  readonly #kiosks: Kiosk[];

  private constructor(
    folder: Folder,
    glass: Glass,
    instruments: ReadonlyMap<string, Instrument>,
    boot: () => Promise<Kiosk>,
    first: Kiosk,
  ) {
    this.folder = folder;
    this.glass = glass;
    this.#instruments = instruments;
    this.#boot = boot;
    this.#kiosks = [first];
  }

  /** `more`: further words of `yizhan run`. */
  static async open(
    browser: BrowserContext,
    devices: readonly Placed[],
    cabin: object,
    ...more: readonly string[]
  ): Promise<Cabin> {
    const folder = await makeStation(tcn);
    const instruments = new Map<string, Instrument>();
    for (const one of devices) instruments.set(one.id, await Instrument.plugged(one, folder.path));
    const file = JSON.parse(readFileSync(join(folder.config, "station.json"), "utf8")) as Record<string, unknown>;
    const wired = devices.map(({ id, ...device }) => {
      const wiring = { by: "path", match: instruments.get(id)?.path };
      return { id, ...device, wiring };
    });
    folder.write("station.json", { ...file, devices: wired, products: [], slots: [], cabin });
    const port = await freePort();
    const boot = async (): Promise<Kiosk> => {
      const kiosk = await Kiosk.start(folder, port, more, inspectable);
      for (const { id } of devices) await kiosk.hear("device.working", ({ device }) => device === id);
      return kiosk;
    };
    const first = await boot();
    const glass = await Glass.open(browser, `http://127.0.0.1:${port}/`);
    await glass.until("idle");
    return new Cabin(folder, glass, instruments, boot, first);
  }

  get kiosk(): Kiosk {
    const kiosk = this.#kiosks.at(-1);
    if (kiosk === undefined) throw new Error("no kiosk stands here");
    return kiosk;
  }

  instrument(id: string): Instrument {
    const one = this.#instruments.get(id);
    if (one === undefined) throw new Error(`there is no ${id} in this cabin`);
    return one;
  }

  /** All that instruments have said of anybody. */
  frames(): readonly Uint8Array[] {
    return [...this.#instruments.values()].flatMap(({ said }) => said);
  }

  /** All that its kiosks have printed. */
  said(): string {
    return this.#kiosks.map(({ said }) => said).join("\n");
  }

  /** The power goes, and comes back. */
  async powerCut(): Promise<void> {
    await this.kiosk.kill();
    await this.#bootsAgain();
  }

  /** Stopped by the book and started: unlike after a power cut, no instrument can still be somebody's. */
  async isRestarted(): Promise<void> {
    await this.kiosk.stop();
    await this.#bootsAgain();
  }

  async #bootsAgain(): Promise<void> {
    this.#kiosks.push(await this.#boot());
    await this.glass.until("idle");
  }

  /**
   * All that could have stayed: the page in the browser and what it stores, what the kiosk answers to whoever asks, all that
   * it has printed, and its data folder.
   */
  async leftovers(): Promise<readonly Content[]> {
    const at = (path: string) => `http://127.0.0.1:${this.kiosk.port}${path}`;
    const pages = await Promise.all(["/", "/technician"].map(async (path) => (await fetch(at(path))).text()));
    const { html } = this.kiosk.glass;
    const kept = unfolded([this.said(), ...everythingIn(this.folder.data)]);
    return [...(await this.glass.keeps()), ...pages, html, ...kept];
  }

  // What a person does -----------------------------------------------------------------------------------------------

  async sits(consent: "agree" | "refuse"): Promise<void> {
    await this.glass.until("idle");
    this.sat.push(this.glass.pictures.length);
    await this.glass.press("cabin", consent, "male");
    await this.glass.type("45");
    await this.glass.press("next", "next");
    await this.glass.until("steps");
  }

  async #measures(step: string, id: string, what: string, ...before: readonly string[]): Promise<void> {
    await this.glass.press(`step:${step}`, ...before, "ready");
    if (step === "pressure") await this.glass.press("skip-rest");
    await this.glass.until("measuring");
    this.instrument(id).turn("measure", what);
  }

  async #reads(): Promise<void> {
    await this.glass.until("told");
    await this.glass.press("steps");
    await this.glass.until("steps");
  }

  async weighs({ weight, height, bmi }: Figures): Promise<void> {
    await this.#measures("body", "scale", `weight=${weight},height=${height},bmi=${bmi}`);
    await this.#reads();
  }

  async givesBlood({ glucose }: Figures): Promise<void> {
    await this.#measures("glucose", "strips", `glucose=${glucose}`, "unknown");
    await this.#reads();
  }

  async tells({ waist }: Figures): Promise<void> {
    await this.glass.press("step:waist");
    await this.glass.until("typing");
    await this.glass.type(waist.toFixed(1));
    await this.glass.press("next");
    await this.#reads();
  }

  /** Puts the cuff on, which begins to measure. */
  async putsOnCuff({ systolic, diastolic, pulse }: Figures): Promise<void> {
    await this.#measures("pressure", "cuff", `systolic=${systolic},diastolic=${diastolic},pulse=${pulse}`);
  }

  /** One blood pressure; nobody here waits a minute for the second. */
  async measuresPressure(figures: Figures): Promise<void> {
    await this.putsOnCuff(figures);
    await this.glass.until("between", "rest");
    await this.glass.press("stop");
    await this.#reads();
  }

  /** Everything that this cabin measures, up to the page of results. */
  async isMeasured(figures: Figures): Promise<void> {
    await this.weighs(figures);
    await this.givesBlood(figures);
    await this.tells(figures);
    await this.measuresPressure(figures);
    await this.glass.press("results");
    await this.glass.until("results");
  }

  async leaves(): Promise<void> {
    await this.glass.press("end");
    await this.glass.until("bye");
    await this.glass.press("end");
    await this.glass.until("idle");
  }

  async close(): Promise<void> {
    await Promise.all(this.#kiosks.map((kiosk) => kiosk.kill()));
    await Promise.all([...this.#instruments.values()].map((one) => one.end()));
    this.folder.remove();
  }
}
