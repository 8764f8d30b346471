import { authenticate } from "../../../protocol/cards/desfire.ts";
import type { Exchange } from "../../../protocol/cards/exchange.ts";
import { addressIn, recordsIn } from "../../../protocol/cards/ndef.ts";
import { readMirror } from "../../../protocol/cards/ntag424.ts";
import { mirrorIn, tagProof } from "../../../protocol/cards/sdm.ts";
import { dice, type Dice } from "../../kit/dice.ts";
import { addressMessage, desfireCard, type4Tag } from "./fakes.ts";
import { bytesOf, hexOf } from "./hex.ts";

// What a card or a scanner may say, and what it never says unless something is broken or evil. Each parser gets so many
// inputs, half of them true ones with a few bytes changed, dropped, doubled or put in, the rest noise.

const zeros = new Uint8Array(16);
const uid = bytesOf("04DE5F1EACC040");
const picc = bytesOf("EF963FF7828658A599F3041510671E88");
const mac = bytesOf("94EED9EE65337086");
const counter = 61;
const sealedAddress = "https://ntag.nxp.com/424?e=EF963FF7828658A599F3041510671E88&c=94EED9EE65337086";
const plainAddress = "https://ntag.nxp.com/424?u=04DE5F1EACC040&n=00003D&c=94EED9EE65337086";
const genuine = [sealedAddress, plainAddress] as const;

/** Bytes that often stand at the edge of something: lengths, flags, status words. */
const edges = [0x00, 0x01, 0x02, 0x0f, 0x10, 0x7f, 0x80, 0x90, 0x91, 0xae, 0xaf, 0xd1, 0xfe, 0xff] as const;

function changed<T>(items: readonly T[], some: (chance: Dice) => T, chance: Dice): readonly T[] {
  let now = items;
  for (let left = chance.between(1, 4); left > 0; left--) {
    const at = chance.between(0, now.length + 1);
    const span = chance.between(0, 5);
    const put = [
      () => [some(chance)],
      () => [],
      () => Array.from({ length: span }, () => some(chance)),
      () => now.slice(chance.between(0, now.length + 1)).slice(0, span),
    ][chance.between(0, 4)]?.();
    const end = chance.chance(0.1) ? now.length : at + chance.between(0, 1 + span);
    now = [...now.slice(0, at), ...(put ?? []), ...now.slice(end)];
  }
  return now;
}

const someByte = (chance: Dice): number =>
  (chance.chance(0.5) ? edges[chance.between(0, edges.length)] : undefined) ?? chance.between(0, 256);

export function bytesLike(true_: Uint8Array, chance: Dice): Uint8Array {
  if (chance.chance(0.5)) return Uint8Array.from(changed(Array.from(true_), someByte, chance));
  const bytes = new Uint8Array(chance.between(0, chance.chance(0.05) ? 600 : 2 * true_.length + 8));
  return bytes.map(() => someByte(chance));
}

const letters = "0123456789ABCDEFabcdefxyzZ?&=#%/:. x?&=\u0000\u00e9\u6c34";
const someLetter = (chance: Dice): string => letters.charAt(chance.between(0, letters.length));

function textLike(true_: string, chance: Dice): string {
  if (chance.chance(0.6)) return changed(Array.from(true_), someLetter, chance).join("");
  return Array.from({ length: chance.between(0, 300) }, () => someLetter(chance)).join("");
}

const one = <T>(of: readonly [T, ...T[]], chance: Dice): T => of[chance.between(0, of.length)] ?? of[0];

function must(so: boolean, what: string, input: string): void {
  if (!so) throw new Error(`${what}: ${input}`);
}

/** A proof is a true one: of the counter that stands in the genuine address, and of no other. */
function judgeAddress(address: string, input: string): void {
  const mirror = mirrorIn(address);
  if (mirror === undefined) return;
  const proof = tagProof(mirror, uid, zeros);
  const same = hexOf(mirror.mac) === hexOf(mac) && (mirror.is === "plain" || hexOf(mirror.picc) === hexOf(picc));
  must(proof.is === "wrong-proof" || (same && proof.counter === counter), "a false tag", input);
}

type Fuzz = (chance: Dice) => void | Promise<void>;

/** Each gives its parser one input, and throws where that threw, believed what is false, or asked without end. */
export const parsers: Readonly<Record<string, Fuzz>> = {
  "NDEF messages": (chance) => {
    const message = bytesLike(addressMessage(one(genuine, chance)), chance);
    const held = (recordsIn(message) ?? []).reduce((sum, { payload }) => sum + payload.length, 0);
    must(held <= message.length, "more than there was", hexOf(message));
    const address = addressIn(message);
    must(address === undefined || /^[\x21-\x7e]*$/.test(address), "no address", hexOf(message));
    judgeAddress(address ?? "", hexOf(message));
  },
  addresses: (chance) => {
    const address = textLike(one(genuine, chance), chance);
    judgeAddress(address, JSON.stringify(address));
  },
  "sealed numbers and MACs": (chance) => {
    const block = Uint8Array.from({ length: 16 }, (_, at) => bytesLike(picc, chance)[at] ?? 0);
    const seal = chance.chance(0.5) ? mac : bytesLike(mac, chance);
    const which = chance.chance(0.3) ? picc : block;
    const proof = tagProof({ is: "sealed", picc: which, mac: seal }, uid, zeros);
    const same = hexOf(which) === hexOf(picc) && hexOf(seal) === hexOf(mac);
    must((proof.is === "proven") === same, "a false tag", `${hexOf(which)} ${hexOf(seal)}`);
  },
  "answers of a tag": async (chance) => {
    const tag = type4Tag(addressMessage(one(genuine, chance)));
    const said: string[] = [];
    const read = await readMirror(sayingOtherwise(tag.exchange, said, chance));
    must(said.length <= 22, "asked without end", said.join(" "));
    if (read.is !== "read") return;
    const proof = tagProof(read.mirror, uid, zeros);
    must(proof.is === "wrong-proof" || proof.counter === counter, "a false tag", said.join(" "));
  },
  "answers of a DESFire card": async (chance) => {
    const drawn = () => Uint8Array.from({ length: 16 }, () => chance.between(0, 256));
    const card = desfireCard(zeros, drawn());
    const said: string[] = [];
    const truth: string[] = [];
    const listening: Exchange = async (command) => {
      const answer = await card.exchange(command);
      truth.push(answer.ok ? hexOf(answer.value) : "");
      return answer;
    };
    const presence = await authenticate(sayingOtherwise(listening, said, chance), zeros, drawn());
    must(said.length <= 3, "asked without end", said.join(" "));
    const honest = said.slice(1).join() === truth.slice(1).join();
    must(presence.is !== "present" || honest, "a false card", said.join(" "));
  },
};

/** The same card, some of whose answers are changed on their way. */
function sayingOtherwise(exchange: Exchange, said: string[], chance: Dice): Exchange {
  return async (command) => {
    const answer = await exchange(command);
    if (!answer.ok || chance.chance(0.02)) return { ok: false };
    const value = chance.chance(0.6) ? answer.value : bytesLike(answer.value, chance);
    said.push(hexOf(value));
    return { ok: true, value };
  };
}

export async function fuzz(parse: Fuzz, inputs: number, seed: number): Promise<void> {
  const chance = dice(seed);
  for (let left = inputs; left > 0; left--) await parse(chance);
}
