import { minutes, seconds } from "../kit/clock.ts";
import { fault } from "../kit/fault.ts";
import { otherMeter, type Look, type Memory } from "../kit/memory.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Link } from "./onetouch-link.ts";
import { success, type Model, type Stored } from "./onetouch-model.ts";

// The memory of one meter of the family. Record 0 is taken for the newest, and the record that was the newest before must
// stand right behind the new ones: where it does not, nothing is told, for it could be somebody else's.

const betweenLooks = seconds(2);
/** While a strip is in it the meter may answer nothing. */
const longestTest = minutes(3);
/** So many tests between two looks are followed. */
const mostTests = 4;

const unclear = fault(
  "refused",
  "it cannot be told which result is the new one: leave the meter on its cable and measure again",
);

const isSame = (one: Stored, other: Stored): boolean => one.at === other.at && one.glucose === other.glucose;
const text = (bytes: Uint8Array): string =>
  new TextDecoder("latin1").decode(bytes.filter((byte) => byte >= 0x20 && byte < 0x7f)).trim();

const marked = (answer: Uint8Array) => answer[0] === success;

/** Of a version's length, text and end only the text is taken. */
export async function askVersion({ ask }: Link, model: Model): Promise<Result<string>> {
  const told = await ask(model.ask.version, (answer) => marked(answer) && answer.length >= 2 + (answer[1] ?? 0));
  return told.ok ? ok(text(told.value.subarray(2, 2 + (told.value[1] ?? 0)))) : told;
}

export async function askSerial({ ask }: Link, model: Model): Promise<Result<string>> {
  const told = await ask(model.ask.serial, (answer) => marked(answer) && text(answer).length >= 6);
  return told.ok ? ok(text(told.value.subarray(1))) : told;
}

export async function askCount({ ask }: Link, model: Model): Promise<Result<number>> {
  const told = await ask(model.ask.count, (answer) => answer[0] === model.countMark && answer.length === 3);
  return told.ok ? ok((told.value[1] ?? 0) | ((told.value[2] ?? 0) << 8)) : told;
}

async function askRecord({ ask }: Link, model: Model, index: number): Promise<Result<Stored>> {
  const words = [...model.ask.record, index & 0xff, index >> 8];
  const told = await ask(words, (answer) => marked(answer) && answer.length === 1 + model.recordLength);
  if (!told.ok) return told;
  const data = told.value.subarray(1);
  return ok(model.record(new DataView(data.buffer, data.byteOffset, data.byteLength)));
}

/** The memory of the meter that is on the cable at the first look. */
export function memoryOf(link: Link, model: Model): Memory<Stored> {
  let owner: string | undefined;
  let before: Look<Stored> | undefined;

  /** Whether the record that was the newest stands right behind those that came since. */
  const standsBehind = async (old: Stored, count: number): Promise<Result<boolean>> => {
    for (let index = 1; index <= mostTests && index < count; index++) {
      const record = await askRecord(link, model, index);
      if (!record.ok) return record;
      if (isSame(record.value, old)) return ok(true);
    }
    return ok(false);
  };
  const look = async (): Promise<Result<Look<Stored>>> => {
    const serial = await askSerial(link, model);
    if (!serial.ok) return serial;
    if (owner !== undefined && owner !== serial.value) return err(otherMeter);
    owner = serial.value;
    const count = await askCount(link, model);
    if (!count.ok) return count;
    if (count.value === 0) return ok((before = { count: 0, newest: undefined }));
    const newest = await askRecord(link, model, 0);
    if (!newest.ok) return newest;

    const now = { count: count.value, newest: newest.value };
    const was = before;
    if (was?.newest && now.count >= was.count) {
      const isNew = !isSame(now.newest, was.newest);
      if (!isNew && now.count > was.count) return err(unclear);
      const behind = isNew ? await standsBehind(was.newest, now.count) : ok(true);
      if (!behind.ok) return behind;
      if (!behind.value) return err(unclear);
    }
    return ok((before = now));
  };
  return { look, isSame, period: betweenLooks, patience: longestTest };
}
