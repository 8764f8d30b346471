import type { LoadedStation } from "../config/load.ts";
import type { Fault } from "../devices/kit/fault.ts";
import type { Reading } from "../devices/reader/capability.ts";
import type { Result } from "../devices/kit/result.ts";
import { bucketName, countedAt, countsAt, countsName, floorAt, guessesAt, opened } from "./beginning.ts";
import { openCabin } from "./cabin.ts";
import { delays } from "./delays.ts";
import { today } from "./domain/almanac.ts";
import type { Day } from "./domain/credential.ts";
import type { Entry, Stamped } from "./domain/entry.ts";
import type { Moment } from "./domain/moment.ts";
import { picture } from "./domain/picture.ts";
import { wakesAt } from "./domain/chores.ts";
import { reference } from "./domain/reference.ts";
import type { Effect, Event, Knowledge, State } from "./domain/state.ts";
import { station as machineOf } from "./domain/station.ts";
import { answers, pulse, type Watched } from "./freshness.ts";
import type { Link } from "./link/link.ts";
import { startLoop } from "./loop.ts";
import { openMachines } from "./machines.ts";
import { motionEnds } from "./motion.ts";
import { pulledLog } from "./pulled-log.ts";
import { openReaders } from "./readers.ts";
import type { Release } from "./release.ts";
import { reportOf } from "./report.ts";
import type { Screen } from "./screen/model.ts";
import type { Report } from "./screen/report.ts";
import { knowledgeOf, settingOf } from "./setting.ts";
import { writeCheckpoint } from "./store/checkpoint.ts";
import { encode } from "./store/json.ts";
import type { Keys } from "./store/keys.ts";
import { recogniser } from "./store/recognise.ts";
import type { Wishes, WishesAsked } from "./wishes.ts";
import type { Kept, World } from "./world.ts";

export interface Kiosk {
  /** For the watchdog: what must be fresh for the kiosk to be alive. */
  readonly watched: readonly Watched[];
  state(): State;
  /** For the technician. */
  report(): Report;
  /** Settles, with the reason, when the kiosk wants to be started anew: by order, or for another configuration. */
  readonly startAnew: Promise<string>;
  /** Finishes a running motion, writes down why, and lets go of every device. */
  stop(why: string): Promise<void>;
}

export interface Parts {
  readonly world: World;
  readonly loaded: LoadedStation;
  readonly keys: Keys;
  readonly release: Release;
  /** What the centre's wishes need: the kiosk's own key, and where its station file came from. Without it none are obeyed. */
  readonly renewal?: {
    readonly kioskKey: Uint8Array;
    readonly configuration?: NonNullable<WishesAsked["configuration"]>;
  };
}

/** Puts a kiosk together from a world and a station. The same for the Raspberry Pi, the laptop and the simulation. */
export async function startKiosk({ world, loaded, keys: opening, release, renewal }: Parts): Promise<Kiosk> {
  const { clock, disk, log, stage } = world;
  const setting = settingOf(loaded);
  let keys = opening;
  const { books, cut } = await opened(world, loaded, keys, release, renewal?.configuration?.inForce.entries);
  const now: Moment = { mono: clock.mono(), ...clock.wall() };

  const diskWatch = answers(clock, "disk");
  const loopWatch = pulse(clock, "loop", delays.loopTurns);
  let state: State;
  let revision = 0;
  let shown = "";
  let preparedFor: Day | undefined;
  const startAnew = Promise.withResolvers<string>();
  let link: Link | undefined;
  let wishes: Wishes | undefined;
  let given: Pick<Knowledge, "elsewhere" | "taken"> = { elsewhere: new Map(), taken: new Map() };
  const faults = new Map<string, Fault>();

  const show = (screen: Screen): void => {
    const text = JSON.stringify(screen);
    if (text === shown) return;
    shown = text;
    stage.show(screen, ++revision);
  };

  const blank = (): void => show({ language: "zh-CN", body: { is: "starting" } });

  const prepare = (day: Day): void => {
    if (day === preparedFor) return;
    preparedFor = day;
    const { open, all } = keys.codebook.prepare(day);
    for (const step of [open, all]) void step.then(knows);
  };

  const knows = (): void => loop.send({ kind: "knowledge", knowledge: { ...knowledgeOf(keys), ...given } });

  const machine = machineOf(setting, {
    now,
    books,
    cut,
    guesses: guessesAt(world, now, "codes"),
    numbers: guessesAt(world, now, "numbers"),
    floor: floorAt(world, release),
    counted: countedAt(world, release),
    counts: countsAt(world),
    knowledge: { ...knowledgeOf(keys), ...given },
  });
  state = machine.start;

  const append = async (entry: Entry, keep: Kept = {}): Promise<Result<Stamped>> => {
    const done = await diskWatch.during(disk.append(entry, keep));
    written(entry, done);
    return done;
  };
  const save = (entry: Entry, keep?: Kept): void => void append(entry, keep);

  const written = (entry: Entry, done: Result<Stamped>): void => {
    if (!done.ok) {
      log.fail("ledger.refused", done.error);
      return loop.send({ kind: "not-saved", entry, fault: done.error });
    }
    const { seq } = done.value;
    // First the motor, then the log, then the centre.
    loop.send({ kind: "saved", stamped: done.value });
    log.note(`ledger.${entry.kind}`, { seq, ref: reference(seq) });
    link?.saved(done.value);
  };

  const { recognise } = recogniser({ ...world, codebook: () => keys.codebook, members: () => keys.members });
  const recognised = async (reading: Reading, asked: number): Promise<void> => {
    const finding = await recognise(reading);
    if (finding.is === "unread") readers.tryAgain(reading);
    loop.send({ kind: "found", finding, asked });
  };

  const perform = (effect: Effect): void => {
    switch (effect.kind) {
      case "save":
        return save(effect.entry, {
          ...(effect.guesses && { [bucketName(effect.bucket ?? "codes")]: encode(effect.guesses) }),
          ...(effect.counts && { [countsName]: encode(effect.counts) }),
        });
      case "keep-guesses":
        return void diskWatch
          .during(disk.keep.put(bucketName(effect.bucket ?? "codes"), encode(effect.guesses)))
          .then(() => loop.send({ kind: "guesses-kept" }));
      case "keep-floor":
        return void diskWatch.during(disk.keep.put("floor", encode(effect.floor)));
      case "keep-counted":
        return void diskWatch.during(disk.keep.put("counted", encode(effect.utc)));
      case "keep-counts":
        return void diskWatch
          .during(disk.keep.put(countsName, encode(effect.counts)))
          .then((done) => (done.ok ? undefined : loop.send({ kind: "counts-refused" })));
      case "checkpoint":
        return void diskWatch.during(writeCheckpoint(disk, effect.books));
      case "find":
        return loop.send({ kind: "found", finding: keys.codebook.find(effect.typed) });
      case "recognise":
        return void recognised(effect.reading, effect.asked);
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
      case "answer":
        return link?.answer(effect.answer);
      case "restart":
        return startAnew.resolve(effect.why);
      case "pull-log":
        return link?.sendLog(effect.id, pulledLog(log, effect.lines, setting.cabin));
      case "new-life":
        return void diskWatch.during(disk.newLife(effect.entry)).then((done) => written(effect.entry, done));
      default:
        return cabin.perform(effect);
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
      link?.turned(next);
    },
  });

  const readers = openReaders(clock, (device, reading) => loop.send({ kind: "read", device, reading }));
  const machines = openMachines(world, loaded.devices, {
    changed(id, presence, fault) {
      if (fault) faults.set(id, fault);
      else faults.delete(id);
      loop.send({ kind: "device", id, presence, ...(fault ? { fault } : {}) });
    },
    reported: (device, report) => loop.send({ kind: "slot", device, report }),
    read: readers.seen,
    measures: (id) => setting.cabin?.instruments.find((one) => one.id === id)?.items,
    door(device, open) {
      loop.send({ kind: "door", device, open });
      link?.cabinet(device, { open, moved: clock.wall().utc });
    },
    ...(loaded.station.link && {
      temperature: (device: string, temperatureC: number) => link?.cabinet(device, { temperatureC }),
    }),
  });

  const kioskKey = renewal?.kioskKey;
  const cabin = openCabin({ world, loaded, setting: setting.cabin, machines, kioskKey, append, send: loop.send });

  /** Loaded a moment after the start: a worker's first digit does not wait for it. */
  const moment = Promise.withResolvers<void>();
  let stopping = false;
  const connect = async (): Promise<void> => {
    if (loaded.station.link === undefined) return;
    const timer = clock.after(delays.linkBegins, "kiosk: the link begins", moment.resolve);
    await moment.promise;
    timer.cancel();
    if (stopping) return;
    const [{ startLink }, { openWishes }] = await Promise.all([import("./link/link.ts"), import("./wishes.ts")]);
    link = startLink({
      world,
      loaded,
      setting,
      release,
      link: loaded.station.link,
      send: loop.send,
      given(known) {
        given = known;
        knows();
      },
      desired: (about, payload) => wishes?.heard(about, payload),
    });
    link.turned(state);
    if (renewal === undefined) return;
    wishes = openWishes({
      world,
      loaded,
      keys,
      kioskKey: renewal.kioskKey,
      ...(renewal.configuration && { configuration: renewal.configuration }),
      state: () => state,
      send: loop.send,
      write: save,
      renewed(next) {
        keys = next;
        preparedFor = undefined;
        knows();
      },
      restart: startAnew.resolve,
      report: (payload) => link?.reported(payload),
    });
  };
  const connected = connect();
  const hands = stage.listen({ press: (key) => loop.send({ kind: "key", key }), painted() {} });
  loop.send({ kind: "tick" });

  return {
    watched: [diskWatch, loopWatch, ...machines.watched],
    state: () => state,
    report: () =>
      reportOf({
        loaded,
        release,
        state,
        faults,
        clock,
        setting,
        readers,
        keys,
        link: link?.report() ?? { is: "none" },
      }),
    startAnew: startAnew.promise,
    async stop(why) {
      hands.stop();
      await motionEnds(world, () => state);
      stopping = true;
      moment.resolve();
      await connected;
      wishes?.stop();
      loop.stop();
      // Nothing forgets a visit any more, and no key ends it.
      if (state.scene.is === "cabin") blank();
      await machines.close();
      const ended = await disk.append({ kind: "stopped", why });
      if (ended.ok) link?.saved(ended.value);
      await link?.stop();
      blank();
    },
  };
}
