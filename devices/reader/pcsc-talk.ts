import type { Clock, Millis } from "../kit/clock.ts";
import { fault, type Fault } from "../kit/fault.ts";
import type { CardPort, Listening } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";

/** What the reader tells unasked. */
export interface News {
  card(atr: Uint8Array): void;
  gone(): void;
}

/** Commands to the card that lies on the reader, and its answers. */
export interface Talk {
  /** Begins: a card that lies there already may be told of at once. */
  listen(news: News): void;
  /** One at a time, in the order asked. */
  ask(command: Uint8Array): Promise<Result<Uint8Array>>;
  /** Why the reader is lost, once it is. */
  lost(): Fault | undefined;
  close(): void;
}

interface Asked {
  readonly settle: (result: Result<Uint8Array>) => void;
}

export function openTalk(port: CardPort, clock: Clock, patience: Millis): Talk {
  /**
   * Sent and not answered yet, the first asked first. Each command gets one answer, so one that nobody waits for any more
   * stays here: its late answer must not be taken for the next one's.
   */
  const owed: Asked[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let lost: Fault | undefined;
  let ear: Listening = { stop() {} };

  const answered = (result: Result<Uint8Array>) => owed.shift()?.settle(result);
  const end = (why: Fault) => {
    lost ??= why;
    ear.stop();
    for (const { settle } of owed.splice(0)) settle(err(lost));
  };
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
    listen(news) {
      ear = port.listen({
        heard(word) {
          if (word.is === "card") news.card(word.atr);
          else if (word.is === "gone") news.gone();
          else answered(word.is === "answer" ? ok(word.bytes) : err(word.why));
        },
        lost: end,
      });
      // A reader that is lost already may say so while it is being listened to.
      if (lost) ear.stop();
    },
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
