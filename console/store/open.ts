import { migrate } from "./migrate.ts";
import type { Place, Store } from "./store.ts";

/** Opens the centre's database and brings it to the newest form. Rejects with a sentence that says what to do. */
export async function openStore(place: Place): Promise<Store> {
  const store = await opened(place);
  try {
    await migrate(store);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Only the engine that is used is loaded: PGlite alone is 20 MB. */
const opened = async (place: Place): Promise<Store> =>
  "folder" in place
    ? (await import("./embedded.ts")).openEmbedded(place.folder)
    : (await import("./server.ts")).openServer(place.url);
