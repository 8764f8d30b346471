import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Station } from "../../config/schema.ts";
import { millis } from "../../devices/kit/clock.ts";
import { application } from "../../protocol/cards/desfire.ts";
import { issueMembers, listedRows } from "../../protocol/members/issue.ts";
import { listKeys, memberTag } from "../../protocol/members/secrets.ts";
import { dateOf, dayOf, startOf } from "../../protocol/pickup-code/calendar.ts";
import { issuer } from "../../protocol/pickup-code/issuer.ts";
import { bytesOf, hexOf, publicOf } from "../../protocol/pickup-code/sign.ts";
import { mint, nobody, numericText } from "../../protocol/pickup-code/token.ts";
import type { Folder } from "../real/station.ts";
import { atMost, ms, type Figure } from "./figure.ts";
import { processorShare } from "./kiosk.ts";
import { openReader, type BenchReader } from "./reader.ts";
import { median, percentile, rest } from "./statistics.ts";
import { openVisited, type Visited } from "./visits.ts";

const scans = 60;
const taps = 40;
const strongTaps = 20;
const presses = 300;
const idleSeconds = 20;
/** A reader whose first answers have come is ready. */
const settles = 3000;
/** Another QR code before the scanner each time: unregistered, and it costs nobody a try. */
const scanPeriod = 250;
const qrKid = 7;
const tokenQuarters = 20 * 96;

interface Cards {
  readonly tokens: readonly string[];
  readonly uids: readonly string[];
  readonly strong: readonly { readonly uid: string; readonly key: Uint8Array }[];
}

/** Plugs a scanner and a card reader in, and makes members and tokens of today. */
async function fit(folder: Folder): Promise<Cards> {
  const { config, data } = folder;
  const file = JSON.parse(readFileSync(join(config, "station.json"), "utf8")) as Station;
  const release = randomBytes(32);
  const qr = randomBytes(32);
  const at = (name: string) => ({ by: "path", match: join(folder.path, name) });
  const key = (secret: Uint8Array): string => hexOf(publicOf("ed25519", secret));
  folder.write("station.json", {
    ...file,
    devices: [
      ...file.devices,
      { id: "scanner", profile: "gm65", wiring: at("scanner") },
      { id: "cards", profile: "pn532-hsu", wiring: at("cards") },
    ],
    trust: [
      ...file.trust,
      { kid: "members", role: "release", key: key(release) },
      { kid: String(qrKid), role: "qr", key: key(qr) },
    ],
  });
  const today = dayOf(millis(Date.now()));
  const station = file.station.id;
  const secret = randomBytes(32);
  const keys = listKeys(secret);
  const issuedAt = `${dateOf(today - 1)}T00:00:00Z`;
  const kiosk = readFileSync(join(data, "kiosk.pub"), "utf8").trim();
  const uid = (n: number): string => `04${(n + 0x1000).toString(16).padStart(12, "0").toUpperCase()}`;
  const uids = Array.from({ length: taps }, (_, n) => uid(n));
  const strong = Array.from({ length: strongTaps }, (_, n) => ({ uid: uid(1000 + n), key: randomBytes(16) }));
  const { bytes } = await issueMembers({
    fields: {
      id: "union",
      station,
      products: ["water"],
      from: dateOf(today - 5),
      to: dateOf(today + 5),
      hours: "00:00-24:00",
      allowances: [{ products: ["water"], perDay: 5 }],
      lossLimit: 10,
      issuedAt,
      kid: "members",
    },
    keys,
    listed: listedRows(
      keys,
      uids.map((value) => ({ kind: "uid", value, pid: randomBytes(8) })),
    ),
    cards: {
      of: strong.map((card) => ({
        tag: memberTag(keys, "uid", card.uid),
        pid: randomBytes(8),
        scheme: "desfire",
        key: card.key,
      })),
      kiosk,
    },
    release,
  });
  mkdirSync(join(config, "members"));
  writeFileSync(join(config, "members/union.members"), bytes);
  const centre = issuer({ root: randomBytes(32), release, kid: "members", station });
  folder.write(
    "keys/members.json",
    await centre.keys({ epochs: [], secrets: new Map([["union", secret]]), kiosk, issuedAt }),
  );
  const tokens = Array.from({ length: scans }, () =>
    numericText(
      mint(
        {
          kid: qrKid,
          id: hexOf(randomBytes(8)),
          notBefore: startOf(today - 5) / 1000,
          quarters: tokenQuarters,
          scope: { of: "station", number: file.station.number },
          productClass: 0,
          pid: nobody,
        },
        qr,
      ),
    ),
  );
  return { tokens, uids, strong };
}

/** Shows something to a reader. @returns milliseconds from its last byte (or the one that holds `mark`) to the drive command's first. */
async function shown(
  place: Visited,
  reader: BenchReader,
  show: () => void,
  mark: Uint8Array,
  taken?: () => void,
): Promise<number> {
  const settled = place.kiosk.next("ledger.outcome");
  const driven = place.board.nextDrive();
  show();
  const took = (await driven) - reader.lastSent(mark);
  await settled;
  taken?.();
  await rest(50 + Math.random() * 100);
  // Nobody waits for the next worker's turn: whoever was served takes the good and leaves.
  await place.kiosk.press("5");
  await place.kiosk.press("clear");
  return took;
}

/** Round trips of presses, a digit and its deletion in turn. */
async function pressed({ kiosk }: Visited, between: () => void): Promise<readonly number[]> {
  const took: number[] = [];
  for (let n = 0; n < presses; n++) {
    between();
    const began = performance.now();
    await kiosk.press(n % 2 === 0 ? "5" : "clear");
    took.push(performance.now() - began);
    await rest(10 + Math.random() * 40);
  }
  return took;
}

export async function readings(): Promise<Figure> {
  const plain = await openVisited();
  await rest(settles);
  const idleAlone = await processorShare(plain.kiosk.pid, idleSeconds);
  await plain.end();

  let cards: Cards | undefined;
  const readers: BenchReader[] = [];
  const place = await openVisited({
    ready: async (folder) => {
      cards = await fit(folder);
      readers.push(
        await openReader("gm65", join(folder.path, "scanner")),
        await openReader("pn532-hsu", join(folder.path, "cards")),
      );
    },
  });
  const [scanner, pad] = readers;
  if (cards === undefined || scanner === undefined || pad === undefined) throw new Error("nothing is plugged in");
  await rest(settles);
  const idleReading = await processorShare(place.kiosk.pid, idleSeconds);

  const scanned: number[] = [];
  for (const token of cards.tokens)
    scanned.push(await shown(place, scanner, () => scanner.turn("scan", token), Uint8Array.of(0x0d)));
  const tapped: number[] = [];
  const away = (): void => pad.turn("take-away", true);
  const held = (uid: string, card: string): Promise<number> =>
    shown(place, pad, () => pad.turn("hold", card), bytesOf(uid), away);
  for (const uid of cards.uids) tapped.push(await held(uid, uid));
  const proven: number[] = [];
  const aid = [0, 8, 16].map((bits) => ((application >> bits) & 0xff).toString(16).padStart(2, "0")).join("");
  for (const { uid, key } of cards.strong) proven.push(await held(uid, `desfire:${uid}:${aid}:${hexOf(key)}`));

  await rest(settles);
  const quiet = await pressed(place, () => {});
  let scannedAt = performance.now();
  const scanning = await pressed(place, () => {
    if (performance.now() < scannedAt + scanPeriod) return;
    scannedAt = performance.now();
    scanner.turn("scan", `https://example.com/${hexOf(randomBytes(100))}`);
  });
  await place.end();
  for (const reader of readers) await reader.end();

  const delay = percentile(scanning, 0.99) - percentile(quiet, 0.99);
  const more = idleReading - idleAlone;
  return {
    title: "Scanned and tapped",
    how: `\`yizhan run\` with a TCN board, a GM65 scanner and a PN532 card reader, each simulated at a pseudo-terminal of its own. From the last byte of the scanned token (${scans}), and of the answer that holds a card's UID (${taps} bare cards, ${strongTaps} DESFire cards, whose conversation over the simulated air is in it), to the first byte of the drive command; the attempt is on the medium before. Then ${presses} presses over HTTP in quiet, and as many while another QR code of 220 characters is scanned four times a second.`,
    rows: [
      {
        what: "scanned token, 95 of 100 within",
        value: ms(percentile(scanned, 0.95)),
        goal: atMost(percentile(scanned, 0.95), 20, "20 ms"),
      },
      { what: "scanned token, median", value: ms(median(scanned)) },
      {
        what: "bare card, 95 of 100 within",
        value: ms(percentile(tapped, 0.95)),
        goal: atMost(percentile(tapped, 0.95), 20, "20 ms"),
      },
      { what: "bare card, median", value: ms(median(tapped)) },
      { what: "DESFire card with its conversation, 95 of 100 within", value: ms(percentile(proven, 0.95)) },
      { what: "DESFire card with its conversation, median", value: ms(median(proven)) },
      { what: "idle, two readers: share of a processor", value: `${idleReading.toFixed(2)} %` },
      { what: "idle, no reader", value: `${idleAlone.toFixed(2)} %` },
      { what: "two readers more", value: `${more.toFixed(2)} %`, goal: atMost(more, 1, "1 %") },
      { what: "a press in quiet, 99 of 100 within", value: ms(percentile(quiet, 0.99)) },
      { what: "a press while codes are scanned, 99 of 100 within", value: ms(percentile(scanning, 0.99)) },
      { what: "a press waits for scans, 99 of 100", value: ms(delay), goal: atMost(delay, 10, "10 ms") },
    ],
  };
}
