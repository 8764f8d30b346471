import type { LoadedStation } from "../config/load.ts";
import { millis, type Millis } from "../devices/kit/clock.ts";
import { fault } from "../devices/kit/fault.ts";
import { kioskName } from "../protocol/fleet/topics.ts";
import { parseHours } from "../protocol/pickup-code/calendar.ts";
import { delays } from "./delays.ts";
import { today } from "./domain/almanac.ts";
import { fold, type Books } from "./domain/books.ts";
import type { Day } from "./domain/credential.ts";
import type { Entry } from "./domain/entry.ts";
import { fresh, recallGuesses, type KeptGuesses } from "./domain/guesses.ts";
import type { Moment } from "./domain/moment.ts";
import { picture } from "./domain/picture.ts";
import { wakesAt } from "./domain/chores.ts";
import { reference } from "./domain/reference.ts";
import type { Effect, Event, Knowledge, Setting, State } from "./domain/state.ts";
import { station as machineOf } from "./domain/station.ts";
import { placeKey } from "./domain/stock.ts";
import { answers, pulse, type Watched } from "./freshness.ts";
import { startLoop } from "./loop.ts";
import { openMachines } from "./machines.ts";
import type { Release } from "./release.ts";
import type { Screen } from "./screen/model.ts";
import { foldLedger, writeCheckpoint } from "./store/checkpoint.ts";
import { decode, encode } from "./store/json.ts";
import type { Keys } from "./store/keys.ts";
import type { World } from "./world.ts";

export interface Kiosk {
  /** For the watchdog: what must be fresh for the kiosk to be alive. */
  readonly watched: readonly Watched[];
  state(): State;
  /** Finishes a running motion, writes down why, and lets go of every device. */
  stop(why: string): Promise<void>;
}

export interface Parts {
  readonly world: World;
  readonly loaded: LoadedStation;
  readonly keys: Keys;
  readonly release: Release;
}

/** Puts a kiosk together from a world and a station. The same for the Raspberry Pi, the laptop and the simulation. */
export async function startKiosk({ world, loaded, keys, release }: Parts): Promise<Kiosk> {
  const { clock, disk, log, stage } = world;
  const setting = settingOf(loaded);
  const books = await opened(world, setting, loaded, keys, release);
  const now: Moment = { mono: clock.mono(), ...clock.wall() };

  const diskWatch = answers(clock, "disk");
  const loopWatch = pulse(clock, "loop", delays.loopTurns);
  let state: State;
  let revision = 0;
  let shown = "";
  let preparedFor: Day | undefined;

  const show = (screen: Screen): void => {
    const text = JSON.stringify(screen);
    if (text === shown) return;
    shown = text;
    stage.show(screen, ++revision);
  };

  const prepare = (day: Day): void => {
    if (day === preparedFor) return;
    preparedFor = day;
    const { open, all } = keys.codebook.prepare(day);
    for (const step of [open, all])
      void step.then(() => loop.send({ kind: "knowledge", knowledge: knowledgeOf(keys) }));
  };

  const machine = machineOf(setting, {
    now,
    books,
    guesses: guessesAt(world, now),
    floor: floorAt(world, release),
    knowledge: knowledgeOf(keys),
  });
  state = machine.start;

  const save = (entry: Entry, keep: Readonly<Record<string, Uint8Array>> = {}): void => {
    void diskWatch.during(disk.append(entry, keep)).then((done) => {
      if (!done.ok) {
        log.fail("ledger.refused", done.error);
        return loop.send({ kind: "not-saved", entry, fault: done.error });
      }
      const { seq } = done.value;
      // First the motor, then the log.
      loop.send({ kind: "saved", stamped: done.value });
      log.note(`ledger.${entry.kind}`, { seq, ref: reference(seq) });
    });
  };

  const perform = (effect: Effect): void => {
    switch (effect.kind) {
      case "save":
        return save(effect.entry, effect.guesses ? { guesses: encode(effect.guesses) } : {});
      case "keep-guesses":
        return void diskWatch
          .during(disk.keep.put("guesses", encode(effect.guesses)))
          .then(() => loop.send({ kind: "guesses-kept" }));
      case "keep-floor":
        return void diskWatch.during(disk.keep.put("floor", encode(effect.floor)));
      case "checkpoint":
        return void diskWatch.during(writeCheckpoint(disk, effect.books));
      case "find":
        return loop.send({ kind: "found", finding: keys.codebook.find(effect.typed) });
      case "release":
        return void machines
          .release(effect.device, effect.slot, effect.seq)
          .then((delivery) => loop.send({ kind: "delivery", seq: effect.seq, delivery }));
      case "recall":
        return void machines
          .recall(effect.device, effect.slot, effect.seq)
          .then((delivery) => loop.send({ kind: "delivery", seq: effect.seq, delivery }));
      case "settled":
        return void machines.settled(effect.device, effect.seq);
      case "curtain":
        return void machines
          .curtain(effect.device)
          .then((curtain) => loop.send({ kind: "curtain", device: effect.device, curtain }));
      case "chime":
        return world.voice.chime(effect.sound);
    }
  };

  const loop = startLoop<State, Event, Effect>({
    clock,
    machine,
    tick: { kind: "tick" },
    wakesAt,
    perform,
    turned(next) {
      state = next;
      loopWatch.beat();
      show(picture(setting, next));
      prepare(today(next.almanac, next.now).day);
    },
  });

  const machines = openMachines(world, loaded.devices, {
    changed: (id, presence, fault) => loop.send({ kind: "device", id, presence, ...(fault ? { fault } : {}) }),
    reported: (device, report) => loop.send({ kind: "slot", device, report }),
  });
  const hands = stage.listen({ press: (key) => loop.send({ kind: "key", key }), painted() {} });
  loop.send({ kind: "tick" });

  return {
    watched: [diskWatch, loopWatch, ...machines.watched],
    state: () => state,
    async stop(why) {
      hands.stop();
      await motionEnds(world, () => state);
      loop.stop();
      await machines.close();
      await disk.append({ kind: "stopped", why });
      stage.show({ language: "zh-CN", body: { is: "starting" } }, ++revision);
    },
  };
}

/** A motor that turns is waited for; a worker who only types is not. */
function motionEnds({ clock }: World, state: () => State): Promise<void> {
  const until = clock.mono() + delays.motionEnds;
  return new Promise((resolve) => {
    const look = (): void => {
      if (state().scene.is !== "vending" || clock.mono() >= until) resolve();
      else clock.after(delays.motionLookedAt, "kiosk: motion ends", look);
    };
    look();
  });
}

function settingOf({ station, devices }: LoadedStation): Setting {
  const hours = parseHours(`${station.station.opens}-${station.station.closes}`) ?? { opens: 0, closes: 1440 };
  const vending = devices.filter(({ driver }) => driver.provides.includes("vending"));
  return {
    places: station.slots.map(({ device, slot, product }) => ({ device, slot, product })),
    products: station.products,
    machines: vending.map(({ id, remembers }) => ({ id, remembers })),
    ...hours,
    neighbours: station.neighbours
      .map(({ kiosk, ...rest }) => ({ kiosk: kioskName(kiosk), ...rest }))
      .toSorted((a, b) => a.metres - b.metres),
    escrow: station.escrow,
  };
}

function knowledgeOf({ codebook, floorFrom }: Keys): Knowledge {
  const { typed, offers } = codebook;
  const ceiling = floorFrom.newestEpoch ?? Math.max(0, ...offers.map((offer) => offer.to));
  return {
    ...(typed ? { typed } : {}),
    offers,
    ceiling,
    signedAt: floorFrom.signed ?? millis(0),
    elsewhere: new Map(),
  };
}

const guessesAt = ({ disk }: World, now: Moment) => {
  const kept = decode<KeptGuesses>(disk.keep.get("guesses"));
  return kept === undefined ? fresh(now) : recallGuesses(kept, now);
};

const floorAt = ({ disk }: World, { releasedAt }: Release): Millis =>
  millis(Math.max(releasedAt, decode<number>(disk.keep.get("floor")) ?? 0));

/** Folds the ledger and writes down what this start has to say. Nothing here may keep the kiosk from starting. */
async function opened(
  world: World,
  setting: Setting,
  loaded: LoadedStation,
  keys: Keys,
  release: Release,
): Promise<Books> {
  const { disk, log } = world;
  const { books, folded, believed } = await foldLedger(disk);
  log.note("ledger.opened", { seq: books.seq, folded, checkpoint: believed });
  if (disk.setAside !== undefined) log.fail("ledger.set-aside", fault("garbled", disk.setAside));
  const entries: Entry[] = [{ kind: "started", release: release.version }];
  for (const slot of loaded.station.slots) {
    if (books.stock.slots.has(placeKey(slot))) continue;
    const { device, product, expires } = slot;
    const count = slot.refillTo ?? slot.capacity;
    entries.push({
      kind: "refill",
      device,
      slot: slot.slot,
      product,
      count,
      ...(expires ? { expires } : {}),
      by: "station-file",
    });
  }
  for (const { id, issuedAt, kid } of keys.adopted) log.note("campaign.adopted", { id, issuedAt, kid });
  for (const { file, why } of keys.refused) log.fail("file.refused", fault("refused", `${file}: ${why}`));
  for (const { file, why } of newlyRefused(world, keys)) entries.push({ kind: "file-refused", file, why });
  const saved = await Promise.all(entries.map((entry) => disk.append(entry)));
  for (const done of saved) if (!done.ok) log.fail("ledger.refused", done.error);
  await disk.keep.put("refused-files", encode(keys.refused));
  return saved.reduce((now, done) => (done.ok ? fold(now, done.value) : now), books);
}

/** A file that is refused at every start is said at every start, and written down once. */
function newlyRefused({ disk }: World, keys: Keys): Keys["refused"] {
  const before = decode<Keys["refused"]>(disk.keep.get("refused-files")) ?? [];
  return keys.refused.filter(({ file, why }) => !before.some((known) => known.file === file && known.why === why));
}
