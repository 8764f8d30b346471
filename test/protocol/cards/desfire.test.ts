import { expect, test } from "vitest";
import { authenticate } from "../../../protocol/cards/desfire.ts";
import type { Exchange } from "../../../protocol/cards/exchange.ts";
import { desfireCard, scripted } from "./fakes.ts";
import { bytesOf } from "./hex.ts";

const key = bytesOf("000102030405060708090A0B0C0D0E0F");
const rndA = bytesOf("F44B26F5686F3A391CD38EBD10772281");
const rndB = bytesOf("C05DDD714FD788A6B7B754F3C4D066E8");
const select = "905A000003015A5900";
const begin = "90AA0000010000";
const challenge = "B969FDFE56FD91FC9DE6F6F213B8FD1E";

test("a card with the key is present, after three exchanges", async () => {
  const card = desfireCard(key, rndB);
  expect(await authenticate(card.exchange, key, rndA)).toMatchObject({ is: "present" });
  expect(card.commands).toHaveLength(3);
});

test("a card that sees that we have another key says so, and has proved nothing", async () => {
  const card = desfireCard(bytesOf("FF0102030405060708090A0B0C0D0E0F"), rndB);
  expect(await authenticate(card.exchange, key, rndA)).toEqual({ is: "wrong-proof" });
});

test("a card that accepts whatever it is told has proved nothing", async () => {
  for (const answer of [challenge, "00".repeat(16)]) {
    const gullible: Exchange = async (command) => ({
      ok: true,
      value: bytesOf(command[1] === 0x5a ? "9100" : command[1] === 0xaa ? `${challenge}91AF` : `${answer}9100`),
    });
    expect(await authenticate(gullible, key, rndA)).toEqual({ is: "wrong-proof" });
  }
});

test("a conversation with an older question proves nothing for a new one", async () => {
  const card = desfireCard(key, rndB);
  const said: Uint8Array[] = [];
  const recording: Exchange = async (command) => {
    const answer = await card.exchange(command);
    if (answer.ok) said.push(answer.value);
    return answer;
  };
  expect(await authenticate(recording, key, rndA)).toMatchObject({ is: "present" });
  const relay: Exchange = async () => ({ ok: true, value: said.shift() ?? new Uint8Array() });
  expect(
    await authenticate(
      relay,
      key,
      Uint8Array.from(rndA, (byte) => byte ^ 1),
    ),
  ).toEqual({ is: "wrong-proof" });
});

test("a card without the application, or that knows no wrapped commands, is of another kind", async () => {
  for (const answer of ["91A0", "6D00", "6E00", "6A82"])
    expect(await authenticate(scripted({ [select]: answer }).exchange, key, rndA)).toEqual({ is: "not-this-kind" });
});

test("every other answer is a refusal, or says that the key is not an AES key of this card", async () => {
  const answers = [
    ["9140", "refused"],
    ["91AE", "wrong-proof"],
    ["91AF", "refused"],
    [`${challenge}9100`, "refused"],
    [`${challenge}0091AF`, "refused"],
    ["", "refused"],
  ] as const;
  for (const [answer, is] of answers) {
    const card = scripted({ [select]: "9100", [begin]: answer });
    expect(await authenticate(card.exchange, key, rndA)).toEqual({ is });
    expect(card.commands).toHaveLength(2);
  }
  const card = desfireCard(key, rndB);
  for (const last of ["9100", `${challenge}91AF`, "917E", challenge]) {
    const odd: Exchange = async (command) =>
      command[1] === 0xaf ? { ok: true, value: bytesOf(last) } : card.exchange(command);
    expect(await authenticate(odd, key, rndA)).toEqual({ is: "refused" });
  }
});

test("a card that leaves at any word has left, and nothing more is said to it", async () => {
  for (let words = 0; words < 3; words++) {
    const card = desfireCard(key, rndB);
    let said = 0;
    const leaving: Exchange = async (command) => (said++ < words ? card.exchange(command) : { ok: false });
    expect(await authenticate(leaving, key, rndA)).toEqual({ is: "left" });
    expect(said).toBe(words + 1);
  }
});
