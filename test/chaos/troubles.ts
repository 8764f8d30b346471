import { setTimeout as sleep } from "node:timers/promises";
import { recordingBroker } from "../kit/broker.ts";
import type { Dice } from "../kit/dice.ts";
import type { Installation, Lines } from "./installation.ts";

/** What can happen at an installation. When it resolves, everything runs again as far as a person or systemd cares for it. */
export type Trouble = (place: Installation, dice: Dice) => Promise<void>;

/** Within this much of a round's beginning trouble begins, so that it strikes a vend that is under way. */
const begins = 2500;
const lasts = { shortest: 50, longest: 1200 } as const;

const moment = (dice: Dice): Promise<void> => sleep(dice.between(0, begins));
const aWhile = (dice: Dice): Promise<void> => sleep(dice.between(lasts.shortest, lasts.longest));

const kioskKilled: Trouble = async (place, dice) => {
  await moment(dice);
  await place.kiosk?.kill();
  await aWhile(dice);
  await place.boot();
};

const brokerKilled: Trouble = async ({ broker }, dice) => {
  await moment(dice);
  await broker.kill();
  await aWhile(dice);
  await broker.restart();
};

const centreKilled: Trouble = async ({ centre }, dice) => {
  await moment(dice);
  await centre.kill();
  await aWhile(dice);
  centre.run();
};

/** What the broker kept for the centre goes with it. */
const bothKilled: Trouble = async ({ broker, centre }, dice) => {
  await moment(dice);
  await centre.kill();
  await aWhile(dice);
  await broker.kill();
  centre.run();
  await aWhile(dice);
  await broker.restart();
};

const databaseKilled: Trouble = async ({ database }, dice) => {
  await moment(dice);
  await database.kill();
  await aWhile(dice);
  await database.restart();
};

/** Nobody is told that the line is dead. Mostly a router forgets it soon and answers with a reset; else keepalive must find out. */
const lineCut =
  (which: keyof Lines, isForgotten = true): Trouble =>
  async ({ lines }, dice) => {
    await moment(dice);
    lines[which].cut();
    if (!isForgotten) return;
    await aWhile(dice);
    lines[which].drop();
  };

const lineStalled =
  (which: keyof Lines): Trouble =>
  async ({ lines }, dice) => {
    await moment(dice);
    lines[which].stall();
    await aWhile(dice);
    lines[which].resume();
  };

/** A mobile line in a cellar: half a second there and back, and a few kilobytes a second. */
const lineSlow: Trouble = async ({ lines: { kiosk } }, dice) => {
  kiosk.delay(dice.between(50, 250));
  kiosk.rate(dice.between(4, 16) * 1024);
  // What is connected now is slow too; a new connection has its handshake on the slow line.
  if (dice.chance(0.5)) kiosk.drop();
  await sleep(begins + lasts.longest);
  kiosk.delay(0);
  kiosk.rate(Number.POSITIVE_INFINITY);
};

/** "Server unavailable", in the words of either version [MQTT 3.1.1 3.2.2.3, MQTT5 3.2.2.2]. */
const unavailable = (version: number | undefined): number => (version === 5 ? 0x88 : 3);

const brokerRefuses: Trouble = async ({ broker }, dice) => {
  await moment(dice);
  await broker.kill();
  const refusing = await recordingBroker(broker.port);
  refusing.behave({ greet: ({ protocolVersion }) => unavailable(protocolVersion) });
  await refusing.until((seen) => seen.some(({ packet }) => packet.cmd === "connect"), "a call that is refused");
  await aWhile(dice);
  await refusing.close();
  await broker.restart();
};

export const troubles = {
  "the kiosk is killed": kioskKilled,
  "the broker is killed": brokerKilled,
  "the centre is killed": centreKilled,
  "the centre is killed, then the broker": bothKilled,
  "the database is killed": databaseKilled,
  "the kiosk's line is cut": lineCut("kiosk"),
  "the centre's line is cut": lineCut("centre"),
  "the database's line is cut": lineCut("database"),
  "the kiosk's line stalls": lineStalled("kiosk"),
  "the database's line stalls": lineStalled("database"),
  "the kiosk's line is slow": lineSlow,
  "the broker refuses": brokerRefuses,
} as const satisfies Readonly<Record<string, Trouble>>;

export type TroubleName = keyof typeof troubles;

/** Found only by whoever waits: about a minute each. */
export const slowTroubles = {
  "the kiosk's line is dead without a word": lineCut("kiosk", false),
  "the centre's line is dead without a word": lineCut("centre", false),
  "the database's line is dead without a word": lineCut("database", false),
} as const satisfies Readonly<Record<string, Trouble>>;
