import type { Station } from "../../config/schema.ts";
import { millis, seconds, type Clock, type Timer } from "../../devices/kit/clock.ts";
import { readBounded } from "../../protocol/commands/bounded.ts";
import { commandId, envelopeBounds, envelopeOf } from "../../protocol/commands/envelope.ts";
import type { CommandRefusal, CommandResult } from "../../protocol/commands/result.ts";
import { bytesOf, isSigned } from "../../protocol/pickup-code/sign.ts";
import * as v from "valibot";
import type { Answer, Event } from "../domain/state.ts";
import { allowance } from "./allowance.ts";
import type { Heard } from "./uplink.ts";

// Whoever has a broker's password may send ten thousand commands a second. What costs something is rationed: reading
// JSON, checking an Ed25519 signature (a third of a millisecond on a Raspberry Pi 4), answering. The rest is counted.

const read = { atOnce: 60, every: millis(33) };
const verified = { atOnce: 30, every: millis(200) };
const answered = { atOnce: 10, every: millis(500) };
/** Refusals go to the domain in sums. */
const summed = seconds(1);

export interface CommandsAsked {
  readonly clock: Clock;
  /** Name of this kiosk on the wire. */
  readonly kiosk: string;
  readonly trust: readonly Station["trust"][number][];
  /** To the domain. */
  send(event: Extract<Event, { readonly kind: "command" | "command-refused" }>): void;
  /** To the centre, on up/res. */
  answer(result: CommandResult): void;
}

export interface Commands {
  /** A message on down/cmd. */
  heard(message: Pick<Heard, "payload" | "retained">): void;
  stop(): void;
}

/** What the domain answers, as it goes up. */
export const resultOf = ({ id, state, why }: Answer, clock: Clock): CommandResult => ({
  v: 1,
  id,
  state,
  ...(why === undefined ? {} : { why }),
  at: clock.wall().utc,
});

/** Judges commands by form, addressee and signature. What is good goes to the domain, whose clock and ledger judge the rest. */
export function openCommands({ clock, kiosk, trust, send, answer }: CommandsAsked): Commands {
  const mayRead = allowance(clock, read);
  const mayVerify = allowance(clock, verified);
  const mayAnswer = allowance(clock, answered);
  let counts: Record<string, number> = {};
  let timer: Timer | undefined;

  const tell = (): void => {
    timer = undefined;
    const sums = counts;
    counts = {};
    send({ kind: "command-refused", counts: sums });
  };
  const refuse = (why: CommandRefusal, id?: string): void => {
    counts[why] = (counts[why] ?? 0) + 1;
    timer ??= clock.after(summed, "commands: refusals", tell);
    if (mayAnswer.take())
      answer({ v: 1, ...(id === undefined ? {} : { id }), state: "refused", why, at: clock.wall().utc });
  };

  return {
    heard({ payload, retained }) {
      if (retained) return refuse("retained");
      if (payload.length > envelopeBounds.bytes) return refuse("too-large");
      if (!mayRead.take()) return refuse("too-many");
      const json = readBounded(payload, envelopeBounds);
      if (!json.ok) return refuse("not-json");
      const formed = envelopeOf(json.value);
      if (!formed.ok) return refuse("wrong-form", idIn(json.value));
      const { envelope, order } = formed.value;
      const { id, kid } = envelope;
      if (envelope.aud !== kiosk) return refuse("wrong-station", id);
      const key = trust.find((one) => one.kid === kid);
      if (key === undefined || key.role === "qr") return refuse("unknown-key", id);
      if (!mayVerify.take()) return refuse("too-many", id);
      if (!isSigned("command", envelope, bytesOf(key.key))) return refuse("bad-signature", id);
      const issued = millis(envelope.iat);
      send({ kind: "command", command: { id, kid, role: key.role, order, issued, expires: millis(envelope.exp) } });
    },
    stop: () => timer?.cancel(),
  };
}

/** So that the centre learns which of its commands has a wrong form. */
function idIn(raw: unknown): string | undefined {
  const found = v.safeParse(v.object({ id: commandId }), raw);
  return found.success ? found.output.id : undefined;
}
