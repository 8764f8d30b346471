/** One thing to put right in a file. */
export interface Mistake {
  /** As the technician knows it: "station.json", "config/profiles/xy-v3.json". */
  readonly file: string;
  /** The field, "slots[3].product"; empty where the whole file is meant. */
  readonly path: string;
  /** A sentence: what is expected, or what to do. */
  readonly says: string;
}

/** One line for the technician: file, field, sentence. */
export const mistakeLine = ({ file, path, says }: Mistake): string =>
  path === "" ? `${file}: ${says}` : `${file}: ${path}: ${says}`;

/** "slots" and 3 and "product" make "slots[3].product". */
export const fieldPath = (keys: readonly (string | number)[]): string =>
  keys.reduce<string>(
    (path, key) => (typeof key === "number" ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`),
    "",
  );
