import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { Peer } from "../../../devices/kit/driver.ts";
import { played, type Cast } from "../../kit/played.ts";
import { quickClock } from "../../kit/quick-clock.ts";
import { Cable } from "../cable.ts";

/** How much quicker than a true instrument these are: nobody waits for a cuff. */
const quicker = 20;

/** A device of the station, as its file names it. */
export interface Placed extends Omit<Cast, "path"> {
  readonly id: string;
}

/** A simulated instrument or printer behind a pseudo-terminal. All that it ever said to the kiosk is known. */
export class Instrument {
  readonly path: string;
  /** Each saying of the instrument, as its bytes. */
  readonly said: Uint8Array[] = [];
  readonly #server: Server;
  readonly #cable: Cable;
  #peer: Peer<Uint8Array> | undefined;
  #plugged: Socket | undefined;

  private constructor(path: string) {
    this.path = path;
    this.#cable = new Cable(path);
    this.#server = createServer((socket) => {
      this.#plugged = socket;
      socket.on("data", (bytes) => this.#peer?.hear(bytes));
      socket.on("error", () => socket.destroy());
    });
  }

  /** Its end of the cable lies in `folder` under its id. */
  static async plugged({ id, ...cast }: Placed, folder: string): Promise<Instrument> {
    const one = new Instrument(join(folder, id));
    const lab = { clock: quickClock(quicker), chance: () => false };
    one.#peer = await played({ ...cast, path: one.path }, lab, (bytes) => {
      one.said.push(Uint8Array.from(bytes));
      one.#plugged?.write(bytes);
    });
    const socket = `${one.path}.socket`;
    one.#server.listen(socket);
    await once(one.#server, "listening");
    await one.#cable.plug(socket);
    return one;
  }

  turn(knob: string, to: string | number | boolean): void {
    this.#peer?.turn(knob, to);
  }

  truth(): readonly string[] {
    return this.#peer?.truth() ?? [];
  }

  async end(): Promise<void> {
    this.#peer?.stop();
    await this.#cable.unplug();
    this.#server.close();
  }
}
