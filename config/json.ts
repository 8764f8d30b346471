import { err, ok, type Result } from "../devices/kit/result.ts";

/** Where a text stops being JSON, counted from 1, and what was expected there. */
export interface JsonMistake {
  readonly line: number;
  readonly column: number;
  readonly says: string;
}

/** JSON files of a station are flat; deeper nesting is a slip of the editor. */
const deepest = 64;

/**
 * Reads JSON (RFC 8259). JSON.parse gives no place for most mistakes and silently lets the second of two equal
 * fields win; a technician needs the place, and two equal fields are a mistake.
 */
export function parseJson(text: string): Result<unknown, JsonMistake> {
  const reader = new Reader(text.replace(/^\uFEFF/, "")); // Windows editors begin a file with a byte order mark
  try {
    const value = reader.value(0);
    reader.end();
    return ok(value);
  } catch (thrown) {
    if (thrown instanceof Slip) return err(reader.place(thrown));
    throw thrown;
  }
}

/** Never leaves this file. */
class Slip extends Error {
  readonly at: number;
  constructor(at: number, says: string) {
    super(says);
    this.at = at;
  }
}

const blank = /[ \t\n\r]*/y;
const string = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|[\u007f-\u009f])*"/uy;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#match(blank);
  }

  value(depth: number): unknown {
    if (depth > deepest) throw this.#slip(`expected at most ${deepest} brackets inside each other`);
    if (this.#takes("{")) return this.#object(depth);
    if (this.#takes("[")) return this.#array(depth);
    const literal = this.#match(string) ?? this.#match(number) ?? this.#match(word);
    if (literal !== undefined) return this.#spaced(JSON.parse(literal));
    if (this.#text[this.#at] === '"') throw this.#slip('expected a text that ends with " on the same line');
    throw this.#slip('expected a value (a text in ", a number, true, false, null, { or [)');
  }

  end(): void {
    if (this.#at < this.#text.length) throw this.#slip("expected the end of the file");
  }

  place(slip: Slip): JsonMistake {
    const lines = this.#text.slice(0, slip.at).split("\n");
    const found = this.#text[slip.at];
    return {
      line: lines.length,
      column: (lines.at(-1)?.length ?? 0) + 1,
      says: `${slip.message}, found ${found === undefined ? "the end of the file" : found === '"' ? "a text" : `"${found}"`}`,
    };
  }

  #object(depth: number): unknown {
    const fields = new Map<string, unknown>();
    if (this.#takes("}")) return {};
    do {
      const start = this.#at;
      const literal = this.#match(string);
      if (literal === undefined) throw this.#slip('expected the name of a field in "');
      const name: string = JSON.parse(literal);
      if (fields.has(name)) throw new Slip(start, `expected each field once; "${name}" stands here a second time`);
      this.#match(blank);
      if (!this.#takes(":")) throw this.#slip(`expected : after "${name}"`);
      fields.set(name, this.value(depth + 1));
    } while (this.#takes(","));
    if (!this.#takes("}")) throw this.#slip("expected , or }");
    return Object.fromEntries(fields);
  }

  #array(depth: number): unknown {
    const items: unknown[] = [];
    if (this.#takes("]")) return items;
    do items.push(this.value(depth + 1));
    while (this.#takes(","));
    if (!this.#takes("]")) throw this.#slip("expected , or ]");
    return items;
  }

  #takes(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return this.#spaced(true);
  }

  #spaced<T>(value: T): T {
    this.#match(blank);
    return value;
  }

  #match(form: RegExp): string | undefined {
    form.lastIndex = this.#at;
    const found = form.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #slip(says: string): Slip {
    return new Slip(this.#at, says);
  }
}
