import { bad, good, type Judged } from "../../protocol/pickup-code/judged.ts";
import { placesIn } from "../folder.ts";
import { systemClock } from "../host/clock.ts";
import { openStore } from "../store/open.ts";
import { localDesk, type Desk } from "./desk.ts";
import { isServed, remoteDesk } from "./socket.ts";

export interface OpenDesk {
  readonly desk: Desk;
  /** Whether a centre runs that will send what is issued here; with PostgreSQL nobody here knows. */
  readonly runs: boolean | undefined;
  close(): Promise<void>;
}

/** The desk of the centre in `folder`, or of the one that works on `database`. The error is a sentence. */
export async function openDesk(folder: string, database: string | undefined): Promise<Judged<OpenDesk>> {
  const { socket, database: embedded } = placesIn(folder);
  if (database === undefined && (await isServed(socket)))
    return good({ desk: remoteDesk(socket), runs: true, close: () => Promise.resolve() });
  try {
    const store = await openStore(database === undefined ? { folder: embedded } : { url: database });
    const runs = database === undefined ? false : undefined;
    return good({ desk: localDesk({ store, clock: systemClock }), runs, close: () => store.close() });
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error));
  }
}
