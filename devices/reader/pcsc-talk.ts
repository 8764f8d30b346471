import type { Clock, Millis } from "../kit/clock.ts";
import { fault, type Fault } from "../kit/fault.ts";
import type { CardPort, CardWord } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";

/** What the reader tells unasked. */
export interface News {
  card(atr: Uint8Array): void;
  gone(): void;
}

/** Commands to the card that lies on the reader, and its answers. */
export interface Talk {
  /** One at a time, in the order asked. */
  ask(command: Uint8Array): Promise<Result<Uint8Array>>;
  /** Why the reader is lost, once it is. */
  lost(): Fault | undefined;
  close(): void;
}

interface Asked {
  readonly settle: (result: Result<Uint8Array>) => void;
}

export function openTalk(port: CardPort, clock: Clock, patience: Millis, news: News): Talk {
  /**
   * Sent and not answered yet, the first asked first. Each command gets one answer, so one that nobody waits for any more
   * stays here: its late answer must not be taken for the next one's.
   */
  const owed: Asked[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let lost: Fault | undefined;

  const heard = (word: CardWord) => {
    if (word.is === "card") return news.card(word.atr);
    if (word.is === "gone") return news.gone();
    owed.shift()?.settle(word.is === "answer" ? ok(word.bytes) : err(word.why));
  };
  const end = (why: Fault) => {
    lost ??= why;
    ear.stop();
    for (const { settle } of owed.splice(0)) settle(err(lost));
  };
  // A reader that is lost already, or on which a card lies, may say so while it is being listened to.
  let ear = { stop() {} };
  ear = port.listen({ heard, lost: end });
  if (lost) ear.stop();

  const put = (command: Uint8Array) =>
    new Promise<Result<Uint8Array>>((resolve) => {
      if (lost) return resolve(err(lost));
      const timer = clock.after(patience, `${port.label}: patience`, () =>
        resolve(err(fault("silent", `the card did not answer in ${patience} ms`))),
      );
      const asked: Asked = {
        settle(result) {
          timer.cancel();
          resolve(result);
        },
      };
      owed.push(asked);
      const send = async () => {
        const sent = await port.send(command);
        if (sent.ok || !owed.includes(asked)) return;
        owed.splice(owed.indexOf(asked), 1);
        asked.settle(sent);
      };
      void send();
    });

  return {
    ask(command) {
      const inTurn = async () => {
        await last;
        return put(command);
      };
      const mine = inTurn();
      last = mine;
      return mine;
    },
    lost: () => lost,
    close: () => end(fault("no-device", "closed")),
  };
}
