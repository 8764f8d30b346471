import { existsSync } from "node:fs";
import { openDesk, type OpenDesk } from "../desk/open.ts";
import { refused } from "./words.ts";

/** Where the centre is. */
export interface CentrePlace {
  readonly data: string;
  readonly database?: string;
}

/** Does something at the centre's desk. What a database or a socket has to say comes as a sentence. @returns the exit code. */
export async function withDesk(
  { data, database }: CentrePlace,
  work: (open: OpenDesk) => Promise<number>,
): Promise<number> {
  // A folder that is not there would be made, with an empty database in it, and the centre would seem to know nothing.
  if (database === undefined && !existsSync(data))
    return refused([`There is no folder ${data}: name the centre's data folder with --data.`]);
  const opened = await openDesk(data, database);
  if (!opened.ok) return refused(opened.error);
  try {
    return await work(opened.value);
  } catch (error) {
    return refused([error instanceof Error ? error.message : String(error)]);
  } finally {
    await opened.value.close();
  }
}
