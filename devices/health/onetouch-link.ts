import type { Clock } from "../kit/clock.ts";
import { openLine } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import type { BytePort } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Model } from "./onetouch-model.ts";
import { dialect, encode, link, patience, type Packet } from "./onetouch-wire.ts";

// Questions to a meter of the family, and on the Ultra ones the numbering of packets: each side counts what it sent by one
// bit, and acknowledges what it heard [S19].

/** Noise may take a question, its answer or an acknowledgement; none of the questions changes anything. */
const attempts = 3;

export interface Link {
  /** Asks with the words behind the prefix; gives those behind it of the answer, which must be what `fits`. */
  ask(words: readonly number[], fits: (answer: Uint8Array) => boolean): Promise<Result<Uint8Array>>;
  junk(): number;
  close(): void;
}

export function openLink(port: BytePort, clock: Clock, { prefix, numbered }: Model): Link {
  const line = openLine(port, clock, dialect);
  let sent = 0;
  let expected = 0;
  /** Both sides count from 0. Without numbers there is nothing to agree on. */
  let isAgreed = !numbered;

  const numbers = () => (numbered ? sent | (expected << 1) : 0);
  const agree = async (): Promise<boolean> => {
    const packet: Packet = { link: link.disconnect, message: new Uint8Array() };
    const told = await line.ask({ packet, answers: (heard) => (heard.link & link.disconnect) !== 0 }, patience);
    sent = 0;
    expected = 0;
    return told.ok;
  };
  const isAnswer = ({ link: bits, message }: Packet) =>
    message[0] === prefix && (!numbered || (bits & (link.sent | link.acknowledge)) === expected);

  const attempt = async (words: readonly number[]): Promise<Result<Uint8Array>> => {
    isAgreed ||= await agree();
    const packet: Packet = { link: numbers(), message: Uint8Array.of(prefix, ...words) };
    const told = await line.ask({ packet, answers: isAnswer }, patience);
    if (!told.ok) {
      isAgreed = !numbered;
      return told;
    }
    if (numbered) {
      sent ^= 1;
      expected ^= 1;
      void port.send(encode({ link: numbers() | link.acknowledge, message: new Uint8Array() }));
    }
    return ok(told.value.message.subarray(1));
  };

  /** What is begun is finished first: a question and its acknowledgement belong together. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const after = async () => {
      await last;
      return work();
    };
    const mine = after();
    last = mine;
    return mine;
  };

  return {
    ask: (words, fits) =>
      inTurn(async () => {
        for (let count = 1; ; count++) {
          const told = await attempt(words);
          if (told.ok && fits(told.value)) return told;
          const why = told.ok ? fault("garbled", "the meter gave another answer than it was asked for") : told.error;
          if (count === attempts || why.kind === "no-device") return err(why);
          isAgreed = !numbered;
        }
      }),
    junk: () => line.junk(),
    close: () => line.close(),
  };
}
