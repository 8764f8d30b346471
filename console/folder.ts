import { join } from "node:path";

/** What lies where in the centre's data folder. docs/centre.md tells what to keep copies of. */
export const placesIn = (folder: string) => ({
  /** Certificates, and the key that makes them. */
  authority: join(folder, "authority"),
  /** Secrets that sign, and the root of all codes. */
  keys: join(folder, "keys"),
  /** The centre's own certificates for the broker. */
  link: join(folder, "link"),
  /** PGlite, where there is no PostgreSQL. */
  database: join(folder, "database"),
  /** What stands on the embedded broker. */
  broker: join(folder, "broker"),
  /** What kiosks shall have in force. */
  desired: join(folder, "desired"),
  /** A running embedded centre answers here. */
  socket: join(folder, "centre.sock"),
});
