import { expect, test } from "vitest";
import type { Exchange } from "../../../protocol/cards/exchange.ts";
import { readMirror } from "../../../protocol/cards/ntag424.ts";
import { readMessage } from "../../../protocol/cards/type4.ts";
import { addressMessage, scripted, selectNdef, type4Tag } from "./fakes.ts";

const message = addressMessage("https://yz.example/");
const selecting = "00A4000C02E103";
const readContainer = "00B000000F";
const container = (fields: { reads?: string; entry?: string; size?: string; rights?: string }) =>
  `000F20${fields.reads ?? "0100"}00FF${fields.entry ?? "0406"}E104${fields.size ?? "0100"}${fields.rights ?? "00"}00 9000`;

test("a message longer than one read is read in as many as it needs, none of them larger than the tag allows", async () => {
  const long = addressMessage(`https://yz.example/${"a".repeat(200)}`);
  const whole = type4Tag(long);
  expect(await readMessage(whole.exchange)).toEqual({ is: "message", bytes: long });
  expect(whole.commands.slice(4)).toEqual(["00B0000080", "00B000805A"]);
  const small = type4Tag(long, { [readContainer]: container({ reads: "003B" }) });
  expect(await readMessage(small.exchange)).toEqual({ is: "message", bytes: long });
  expect(small.commands.slice(4)).toEqual(["00B000003B", "00B0003B3B", "00B000763B", "00B000B129"]);
});

test("the longest message is read in pieces of 16 bytes in 20 exchanges", async () => {
  const longest = Uint8Array.from({ length: 254 }, (_, at) => at);
  const tag = type4Tag(longest, { [readContainer]: container({ reads: "0010" }) });
  expect(await readMessage(tag.exchange)).toEqual({ is: "message", bytes: longest });
  expect(tag.commands).toHaveLength(20);
});

test("a card without the application, or whose container tells of no free NDEF file, is of another kind", async () => {
  const other = scripted({});
  expect(await readMessage(other.exchange)).toEqual({ is: "not-this-kind" });
  expect(other.commands).toEqual([selectNdef]);
  for (const fields of [{ entry: "0506" }, { entry: "0408" }, { rights: "FF" }, { reads: "000E" }, { size: "000E" }]) {
    const tag = type4Tag(message, { [readContainer]: container(fields) });
    expect(await readMessage(tag.exchange)).toEqual({ is: "not-this-kind" });
    expect(tag.commands).toHaveLength(3);
  }
});

test("a message that is longer than its file, or than an NTAG 424 can hold, is not read on", async () => {
  const read = "00B0000080";
  const first = (length: string) => `${length}${"00".repeat(126)}9000`;
  for (const length of ["00FF", "FFFF"]) {
    const tag = type4Tag(message, { [read]: first(length), [readContainer]: container({ size: "FFFE" }) });
    expect(await readMessage(tag.exchange)).toEqual({ is: "not-this-kind" });
    expect(tag.commands).toHaveLength(5);
  }
  const small = type4Tag(message, {
    "00B0000020": `001F${"00".repeat(30)}9000`,
    [readContainer]: container({ size: "0020" }),
  });
  expect(await readMessage(small.exchange)).toEqual({ is: "not-this-kind" });
});

test("a card that gives less or more than it was asked for, or half a status, is refused at once", async () => {
  const good = "00".repeat(128);
  for (const answer of [
    "9000",
    `${"00".repeat(127)}9000`,
    `${good}009000`,
    "90",
    "",
    `${good}6282`,
    `${"00".repeat(900)}9000`,
  ]) {
    const tag = type4Tag(message, { "00B0000080": answer });
    expect(await readMessage(tag.exchange)).toEqual({ is: "refused" });
    expect(tag.commands).toHaveLength(5);
  }
  expect(await readMessage(type4Tag(message, { [selecting]: "6A82" }).exchange)).toEqual({ is: "refused" });
});

test("a card that leaves at any word has left, and nothing more is said to it", async () => {
  for (let words = 0; words < 5; words++) {
    const tag = type4Tag(message);
    let said = 0;
    const leaving: Exchange = async (command) => (said++ < words ? tag.exchange(command) : { ok: false });
    expect(await readMirror(leaving)).toEqual({ is: "left" });
    expect(said).toBe(words + 1);
  }
});

test("a tag with a plain address is of another kind than one that proves itself", async () => {
  expect(await readMirror(type4Tag(message).exchange)).toEqual({ is: "not-this-kind" });
  expect(await readMirror(type4Tag(new Uint8Array()).exchange)).toEqual({ is: "not-this-kind" });
});
