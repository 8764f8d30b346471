// Regular expressions for the lines of scales that nobody has documented. They come from a station's options, and no
// expression may ever hold the kiosk up. So they are read and matched here: the work is bounded by the length of the
// expression times that of the text, where the matcher of the language can need years for thirty letters.
//
// Known are letters, . \d \D \s \S \w \W \t \r \n \xHH, classes such as [a-z], groups (...) (?:...) (?<name>...), |, ^ and $
// of the whole text, and * + ? {n} {n,} {n,m}, lazy with a ? behind. They mean what they mean in JavaScript.

export type Test = (code: number) => boolean;

export type Tree =
  | { readonly is: "one"; readonly test: Test }
  | { readonly is: "start" }
  | { readonly is: "end" }
  | { readonly is: "row"; readonly parts: readonly Tree[] }
  | { readonly is: "either"; readonly ways: readonly Tree[] }
  | { readonly is: "named"; readonly index: number; readonly inner: Tree }
  | {
      readonly is: "again";
      readonly inner: Tree;
      readonly least: number;
      /** Infinity where there is no end. */
      readonly most: number;
      readonly lazy: boolean;
    };

export interface Expression {
  readonly tree: Tree;
  /** Of the groups, in their order. */
  readonly names: readonly string[];
}

/** Characters of an expression. A line of a scale needs fifty. */
const longest = 400;
const mostTimes = 50;

const isDigit: Test = (code) => code >= 0x30 && code <= 0x39;
const isWord: Test = (code) =>
  isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;
const isSpace: Test = (code) => (code >= 0x09 && code <= 0x0d) || code === 0x20 || code === 0xa0;
const not =
  (test: Test): Test =>
  (code) =>
    !test(code);
const kinds: Readonly<Record<string, Test>> = {
  d: isDigit,
  D: not(isDigit),
  s: isSpace,
  S: not(isSpace),
  w: isWord,
  W: not(isWord),
};
const controls: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, r: 0x0d };
const isLine: Test = (code) => code !== 0x0a && code !== 0x0d;

/** @returns the expression, or a sentence about what is wrong with it. */
export function readExpression(source: string): Expression | string {
  if (source === "" || source.length > longest) return `expected 1 to ${longest} characters`;
  const names: string[] = [];
  let at = 0;
  let wrong: string | undefined;

  /** Remembers the first mistake and goes to the end, so that all reading stops. */
  const fail = (why: string): Tree => {
    wrong ??= `${why} (at character ${at + 1})`;
    at = source.length;
    return { is: "row", parts: [] };
  };
  const next = () => source[at] ?? "";
  const takes = (text: string): boolean => {
    const found = source.startsWith(text, at);
    if (found) at += text.length;
    return found;
  };

  const either = (): Tree => {
    const ways = [row()];
    while (takes("|")) ways.push(row());
    return ways.length === 1 && ways[0] ? ways[0] : { is: "either", ways };
  };
  const row = (): Tree => {
    const parts: Tree[] = [];
    while (at < source.length && next() !== "|" && next() !== ")") parts.push(repeated(atom()));
    return { is: "row", parts };
  };
  const atom = (): Tree => {
    if (takes("(")) return group();
    if (takes("[")) return { is: "one", test: oneOf() };
    if (takes("\\")) return { is: "one", test: escaped() };
    if (takes("^")) return { is: "start" };
    if (takes("$")) return { is: "end" };
    if (takes(".")) return { is: "one", test: isLine };
    if ("*+?{}]".includes(next())) return fail(`"${next()}" has nothing before it to repeat: write \\${next()}`);
    const code = letter();
    return { is: "one", test: (other) => other === code };
  };
  /** A letter as it stands; the text is bytes, so that no other than \x00 to \xFF can come. */
  const letter = (): number => {
    const code = source.charCodeAt(at);
    if (!(code <= 0xff))
      fail("only letters up to \\xFF: write others as the bytes that the scale sends, such as \\xCC");
    at += 1;
    return code;
  };
  const escaped = (): Test => {
    const kind = kinds[next()];
    if (kind === undefined) {
      const code = escapedLetter();
      return (other) => other === code;
    }
    at += 1;
    return kind;
  };
  const escapedLetter = (): number => {
    const control = controls[next()];
    const byte = /^x([\dA-Fa-f]{2})/.exec(source.slice(at, at + 3))?.[1];
    if (byte !== undefined) at += 3;
    else if (control !== undefined) at += 1;
    if (byte !== undefined) return Number.parseInt(byte, 16);
    if (control !== undefined) return control;
    if (next() === "" || isWord(source.charCodeAt(at))) fail(`"\\${next()}" is not known here`);
    return letter();
  };
  const oneOf = (): Test => {
    const others = takes("^");
    const tests: Test[] = [];
    while (at < source.length && next() !== "]") tests.push(ranged());
    if (!takes("]")) fail('"[" is not closed');
    const any: Test = (code) => tests.some((test) => test(code));
    return others ? not(any) : any;
  };
  const ranged = (): Test => {
    const kind = source[at] === "\\" ? kinds[source[at + 1] ?? ""] : undefined;
    if (kind !== undefined) {
      at += 2;
      return kind;
    }
    const from = classLetter();
    if (next() !== "-" || source[at + 1] === "]" || at + 1 >= source.length) return (code) => code === from;
    at += 1;
    const to = source[at] === "\\" && kinds[source[at + 1] ?? ""] ? -1 : classLetter();
    if (to < from) fail("a range in [...] goes from the lower letter to the higher one");
    return (code) => code >= from && code <= to;
  };
  const classLetter = (): number => (takes("\\") ? escapedLetter() : letter());
  const group = (): Tree => {
    let name: string | undefined;
    if (takes("?<")) {
      name = /^([A-Za-z_]\w*)>/.exec(source.slice(at))?.[1];
      if (name === undefined)
        return fail("a name of letters, digits and _ belongs between (?< and >; nothing else begins so");
      if (names.includes(name)) return fail(`the name "${name}" stands twice`);
      at += name.length + 1;
    } else if (!takes("?:") && next() === "?") return fail("groups are (...), (?:...) or (?<name>...)");
    const index = name === undefined ? -1 : names.push(name) - 1;
    const inner = either();
    if (!takes(")")) return fail('"(" is not closed');
    return index < 0 ? inner : { is: "named", index, inner };
  };
  const repeated = (inner: Tree): Tree => {
    const times = timesOf(source.slice(at));
    if (times === undefined) return inner;
    if (typeof times === "string") return fail(times);
    if (canBeEmpty(inner)) return fail("what is repeated must not be able to be empty");
    if (times.most > 1 && hasName(inner)) return fail("a named group cannot be repeated");
    at += times.length;
    const lazy = takes("?");
    if (timesOf(source.slice(at)) !== undefined) return fail("repeated twice");
    return { is: "again", inner, least: times.least, most: times.most, lazy };
  };

  const tree = either();
  if (at < source.length) fail('")" closes nothing');
  return wrong ?? { tree, names };
}

interface Times {
  readonly length: number;
  readonly least: number;
  readonly most: number;
}

/** How often, where a text begins with that; a sentence where it is too often. */
function timesOf(text: string): Times | string | undefined {
  const plain = { "*": [0, Infinity], "+": [1, Infinity], "?": [0, 1] } as const;
  const first = text[0];
  if (first === "*" || first === "+" || first === "?")
    return { length: 1, least: plain[first][0], most: plain[first][1] };
  if (first !== "{") return undefined;
  const [whole = "", from = "", comma, to] = /^\{(\d{1,3})(,(\d{1,3})?)?\}/.exec(text) ?? [];
  if (whole === "") return "after { a number belongs, such as {3} or {1,3}";
  const least = Number(from);
  const most = comma === undefined ? least : to === undefined ? Infinity : Number(to);
  if (most < least || least > mostTimes || (most > mostTimes && most !== Infinity))
    return `{n,m} goes from less to more, at most ${mostTimes}`;
  return { length: whole.length, least, most };
}

function canBeEmpty(tree: Tree): boolean {
  switch (tree.is) {
    case "one":
      return false;
    case "start":
    case "end":
      return true;
    case "row":
      return tree.parts.every(canBeEmpty);
    case "either":
      return tree.ways.some(canBeEmpty);
    case "named":
      return canBeEmpty(tree.inner);
    case "again":
      return tree.least === 0 || canBeEmpty(tree.inner);
  }
}

function hasName(tree: Tree): boolean {
  if (tree.is === "row") return tree.parts.some(hasName);
  if (tree.is === "either") return tree.ways.some(hasName);
  return tree.is === "named" || (tree.is === "again" && hasName(tree.inner));
}
