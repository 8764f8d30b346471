import { millis, seconds, type Clock, type Millis, type Timer } from "../kit/clock.ts";
import { fault, type Fault } from "../kit/fault.ts";
import type { Delivery } from "./capability.ts";
import { longestPeriod, type Order, type XyLink } from "./xy-link.ts";
import { command, high, word, type Frame } from "./xy-wire.ts";

/** No slot turns for so long without a new 04; the document gives no time (ours). */
const noNews: Millis = seconds(60);

/** What a status byte of command 04 means. */
export type Word =
  | { readonly is: "begun" }
  | { readonly is: "going-on" }
  | { readonly is: "delivered" }
  | { readonly is: "not-delivered"; readonly started: boolean; readonly fault: Fault }
  | { readonly is: "unknown"; readonly fault: Fault };

/** Lift, doors and heating on their way [S-XY 2.1, 04 progress]. */
const goingOn = new Set([0x10, 0x11, 0x14, 0x16, 0x18, 0x19, 0x22, 0x23, 0x26]);

/** Answers to the order itself, before a motor turns: no "dispensing" comes first. */
const early = new Set([0x06, 0x0a]);

/**
 * The manual gives the money back for everything but 02. A code is another matter than money: it is freed only where
 * the good provably stayed in its slot, so results that leave that open are "unknown" here.
 */
export function meaning(status: number): Word {
  switch (status) {
    case 0x01:
      return { is: "begun" };
    case 0x02:
      return { is: "delivered" };
    // "Take your goods", counted as success by the text [S-XY 2.1, 04 results]. It comes while the good lies before the
    // worker, who has to be told now; what follows is about the delivery door.
    case 0x24:
      return { is: "delivered" };
    case 0x03:
      return { is: "not-delivered", started: true, fault: fault("jammed", "04 said 03: the slot is jammed") };
    // The motor ran on past its home: it may have thrown out one good, or more.
    case 0x04:
      return { is: "unknown", fault: fault("jammed", "04 said 04: the motor did not stop properly") };
    case 0x06:
      return { is: "not-delivered", started: false, fault: fault("misconfigured", "04 said 06: there is no motor") };
    // The good may lie in the lift.
    case 0x07:
      return { is: "unknown", fault: fault("self-test", "04 said 07: the lift is broken") };
    case 0x0a:
      return {
        is: "not-delivered",
        started: true,
        fault: fault("self-test", "04 said 0A: the drop sensor failed its self-test"),
      };
    // Ended, with no word about how: the result before it was lost on the wire.
    case 0xff:
      return { is: "unknown", fault: fault("interrupted", "04 said FF: ended, and no result was heard before") };
  }
  if (goingOn.has(status)) return { is: "going-on" };
  const byte = status.toString(16).padStart(2, "0").toUpperCase();
  // 12, 13, 15, 17, 20, 21, 25, 27 to 32: doors, lift parts and microwave, behind the slot's motor.
  if (status >= 0x12 && status <= 0x32)
    return { is: "unknown", fault: fault("self-test", `04 said ${byte}: a fault behind the slot's motor`) };
  // Not in the document: more may follow, and after 60 s without news the outcome is unknown anyway.
  return { is: "going-on" };
}

export interface Drive {
  readonly slot: number;
  /** Use the drop sensor. */
  readonly sensor: boolean;
  /** Use the elevator. */
  readonly lift: boolean;
  /** What a success proves, asked when the command leaves. */
  readonly evidence: () => "drop-sensor" | "motor-home";
}

/** One motion at a time; those behind it wait. */
export interface XyMotor {
  drive(drive: Drive): Promise<Delivery>;
  hear(frame: Frame): void;
  /** The board was restarted: "after a power cut the VMC repeats nothing, so a result lost then is lost" [S-XY 2.1]. */
  restarted(): void;
  close(why: Fault): void;
}

export function openXyMotor(link: XyLink, clock: Clock, silence: Millis): XyMotor {
  let present:
    | { readonly slot: number; begun: boolean; end(delivery: Delivery): void; sent(): boolean; stillWaiting(): void }
    | undefined;
  let gone: Fault | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  /**
   * Until then an earlier motion may still report: one of a kiosk that was killed, or one given up as unknown. A result
   * carries only the slot's number, so until then it must follow a "dispensing" of our own motion.
   */
  let echoes = millis(clock.mono() + noNews);

  const move = ({ slot, sensor, lift, evidence }: Drive) =>
    new Promise<Delivery>((resolve) => {
      if (gone) return resolve({ kind: "not-delivered", started: false, fault: gone });
      let sent = false;
      let proof: "drop-sensor" | "motor-home" = "motor-home";
      let timer: Timer;
      const waitForNews = () => {
        timer.cancel();
        timer = clock.after(noNews, "xy: news of the motor", () =>
          mine.end({
            kind: "unknown",
            fault: fault("silent", `the board was told to drive slot ${slot} and said nothing new for 60 s`),
          }),
        );
      };
      const order: Order = {
        command: command.drive,
        text: [sensor ? 1 : 0, lift ? 1 : 0, ...high(slot)],
        rank: 1,
        fresh: longestPeriod,
        left() {
          if (sent) return;
          sent = true;
          proof = evidence();
          waitForNews();
        },
        // Where it was never acknowledged it may have been heard all the same: only 04 or 60 s of silence tell.
        ended() {},
      };
      const mine = {
        slot,
        begun: false,
        sent: () => sent,
        stillWaiting: waitForNews,
        end(delivery: Delivery) {
          if (present !== mine) return;
          present = undefined;
          timer.cancel();
          link.withdraw(order);
          if (delivery.kind === "unknown") echoes = millis(clock.mono() + noNews);
          resolve(delivery.kind === "delivered" ? { kind: "delivered", evidence: proof } : delivery);
        },
      };
      const asked = clock.mono();
      // A board with much to tell polls late; only one that is silent, or never lets us speak, is given up.
      const waitForPoll = () => {
        const until = Math.min(Math.max(asked, link.heardAt()) + silence, asked + noNews);
        timer = clock.after(millis(until - clock.mono()), "xy: a poll to drive at", () => {
          if (clock.mono() - link.heardAt() < silence && clock.mono() - asked < noNews) return waitForPoll();
          mine.end({
            kind: "not-delivered",
            started: false,
            fault: fault("silent", `no poll in ${silence} ms, so nothing was sent: is the board on, and its cable in?`),
          });
        });
      };
      present = mine;
      waitForPoll();
      link.put(order);
    });

  return {
    drive(drive) {
      const delivery = turn.then(() => move(drive));
      turn = delivery;
      return delivery;
    },
    hear({ command: what, text }) {
      const status = text[0];
      if (what !== command.progress || status === undefined) return;
      if (!present?.sent() || word(text, 1) !== present.slot) return;
      const said = meaning(status);
      if (said.is === "begun") present.begun = true;
      if (said.is === "begun" || said.is === "going-on") return present.stillWaiting();
      // The end of a motion, told after its result, is not the end of the next one.
      if (!present.begun && !early.has(status) && (clock.mono() < echoes || status === 0xff)) return;
      if (said.is === "delivered") {
        // "Take your goods" is followed by the end of the same motion.
        if (status === 0x24) echoes = millis(clock.mono() + noNews);
        return present.end({ kind: "delivered", evidence: "motor-home" });
      }
      if (said.is === "unknown") return present.end({ kind: "unknown", fault: said.fault });
      present.end({ kind: "not-delivered", started: said.started, fault: said.fault });
    },
    restarted() {
      if (!present?.sent()) return;
      present.end({
        kind: "unknown",
        fault: fault("interrupted", "the board was restarted while the motor may have been turning"),
      });
    },
    close(why) {
      gone ??= why;
      present?.end(
        present.sent()
          ? { kind: "unknown", fault: fault("interrupted", why.detail) }
          : { kind: "not-delivered", started: false, fault: why },
      );
    },
  };
}
