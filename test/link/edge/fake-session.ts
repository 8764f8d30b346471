import type { Message, Session } from "../../../controller/link/uplink.ts";
import { fault } from "../../../devices/kit/fault.ts";
import { err, ok, type Result } from "../../../devices/kit/result.ts";

/** A connection to nobody: keeps what is published, and answers as it is told to. */
export class FakeSession implements Session {
  readonly limits = { version: 5, receiveMaximum: 20, maximumPacketSize: 1 << 20 } as const;
  readonly published: Message[] = [];
  readonly subscribed: string[] = [];
  /** Whether the end asked for the will; undefined while it goes on. */
  ended: boolean | undefined;
  over = false;
  /** While set, publishing does not settle: the line stands still. */
  stands = false;
  readonly #open: ((result: Result<void>) => void)[] = [];

  publish(message: Message): Promise<Result<void>> {
    if (this.over) return Promise.resolve(err(fault("interrupted", "It is over.")));
    this.published.push(message);
    return this.stands ? new Promise((settle) => this.#open.push(settle)) : Promise.resolve(ok(undefined));
  }

  subscribe(topics: readonly { readonly topic: string }[]): Promise<Result<void>> {
    if (this.over) return Promise.resolve(err(fault("interrupted", "It is over.")));
    this.subscribed.push(...topics.map(({ topic }) => topic));
    return Promise.resolve(ok(undefined));
  }

  listen() {
    return { stop() {} };
  }

  end(withWill: boolean): Promise<void> {
    this.ended = withWill;
    this.cut();
    return Promise.resolve();
  }

  moves(): void {
    this.stands = false;
    for (const settle of this.#open.splice(0)) settle(ok(undefined));
  }

  cut(): void {
    this.over = true;
    for (const settle of this.#open.splice(0)) settle(err(fault("interrupted", "It is over.")));
  }
}
