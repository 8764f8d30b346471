import { join } from "node:path";
import { existsSync } from "node:fs";
import { loadStation } from "../../../config/load.ts";
import type { Station } from "../../../config/schema.ts";
import { ok } from "../../../devices/kit/result.ts";
import { dayOf, parseHours } from "../../../protocol/pickup-code/calendar.ts";
import { emptyBooks } from "../../domain/books.ts";
import { alone } from "../../domain/area.ts";
import type { Finding } from "../../domain/credential.ts";
import { judge } from "../../domain/verdict.ts";
import { release } from "../../release.ts";
import { openKeys, type Keys } from "../../store/keys.ts";
import { openMemberLists } from "../../store/member-lists.ts";
import { MemberShelf } from "../../store/member-shelf.ts";
import { ledgerToRead } from "../../store/reading.ts";
import { readSecret } from "../../store/secret-file.ts";
import { machineClock } from "../../world.node.ts";
import type { Disk } from "../../world.ts";
import { tellMistakes } from "../check.ts";
import { explain } from "./explain.ts";
import { historyOf, type History } from "./history.ts";
import { readPaper, refused } from "./paper.ts";

export interface InspectOptions {
  readonly config: string;
  readonly data: string;
}

const untouched: History = { entries: [], books: emptyBooks };

/** Says why a code is what it is at this kiosk, as it would see it after a start. Writes nothing. @returns the exit code. */
export async function inspect(asked: string, { config, data }: InspectOptions): Promise<number> {
  const code = asked === "-" ? readPaper("-") : ok(asked);
  if (!code.ok) return refused(code.error);
  const loaded = await loadStation(config);
  if (!loaded.ok) return tellMistakes(loaded.error);
  const kioskKey = readSecret(join(data, "kiosk.key"));
  if (!kioskKey.ok) return refused(kioskKey.error, "The kiosk makes its key at its first start.");
  const ledger = existsSync(join(data, "kiosk.db")) ? ledgerToRead(data) : undefined;
  if (ledger && !ledger.ok) return refused(ledger.error);
  const file = ledger?.value;
  try {
    const clock = machineClock(release.releasedAt);
    const kept = file?.kept() ?? {};
    const keep: Disk["keep"] = { get: (name) => kept[name], put: () => Promise.resolve(ok(undefined)) };
    const dice = { bytes: (n: number) => new Uint8Array(n) }; // what would be kept is thrown away
    const memberLists = await openMemberLists({
      station: loaded.value.station,
      files: loaded.value.memberFiles,
      kiosk: { shelf: new MemberShelf(data, kioskKey.value, "reads only"), key: kioskKey.value },
      damaged: ({ file, why }) => console.error(`${file}: ${why}`),
    });
    const keys = await openKeys({ loaded: loaded.value, memberLists, keep, kioskKey: kioskKey.value, clock, dice });
    const { utc } = clock.wall();
    const day = dayOf(utc);
    await keys.codebook.prepare(day).all;

    const text = withoutGroups(code.value);
    const finding = findingOf(text, keys);
    const candidates = finding.is === "found" ? finding.candidates : [];
    const history = file && candidates.length > 0 ? historyOf(candidates, file, data) : ok(untouched);
    if (!history.ok) return refused(history.error);
    const hours = hoursOf(loaded.value.station);
    // What was used and taken elsewhere, and the day's escrow, are the running kiosk's to know.
    const others = { ...alone, heard: true };
    const verdict = judge(finding, history.value.books, { state: "trusted", utc, day }, hours, day, others);
    const said = explain({ station: loaded.value.station, keys, text, finding, verdict, history: history.value, utc });
    for (const sentence of said) console.log(sentence);
    if (!file) console.log("There is no ledger yet, so that nothing was given out before.");
    return verdict.is === "ok" ? 0 : 1;
  } finally {
    file?.close();
  }
}

/** A code, or a member by what is printed on the card, or by its UID in capital hex digits. */
function findingOf(text: string, { codebook, members }: Keys): Finding {
  const code = codebook.scan(text);
  const numbers = members
    .flatMap((book) => [
      book.couldHold(text) ? book.byText(text) : undefined,
      book.knowsUids && uidForm.test(text) ? book.byUid(text) : undefined,
    ])
    .filter((candidate) => candidate !== undefined);
  if (numbers.length === 0) return code;
  return { is: "found", candidates: [...(code.is === "found" ? code.candidates : []), ...numbers] };
}

const uidForm = /^(?:[0-9A-F]{2}){4,10}$/;

/** Printed codes have blanks between their groups; a token's blanks belong to it. */
const withoutGroups = (text: string): string => {
  const line = text.replace(/\r?\n$/, "");
  return /^[\d\s-]+$/.test(line) ? line.replaceAll(/[\s-]/g, "") : line;
};

const hoursOf = ({ station }: Station) =>
  parseHours(`${station.opens}-${station.closes}`) ?? { opens: 0, closes: 1440 };
