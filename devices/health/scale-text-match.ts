import { readExpression, type Test, type Tree } from "./scale-text-pattern.ts";

/** One step of a matching program. */
type Step =
  | { readonly do: "take"; readonly test: Test }
  /** Goes on at `first`; where that comes to nothing, at `second`. */
  | { readonly do: "fork"; readonly first: number; readonly second: number }
  | { readonly do: "go"; readonly to: number }
  | { readonly do: "mark"; readonly place: number }
  | { readonly do: "start" }
  | { readonly do: "end" }
  | { readonly do: "found" };

export interface Pattern {
  /** Of the groups, in their order. */
  readonly names: readonly string[];
  /** The named groups that took part in the first match; undefined where nothing matches. */
  match(text: string): ReadonlyMap<string, string> | undefined;
}

/** With a text of a thousand letters some milliseconds on a Raspberry Pi, at the very worst. */
const mostSteps = 1000;

/** @returns the pattern, or a sentence about what is wrong with it. */
export function readPattern(source: string): Pattern | string {
  const read = readExpression(source);
  if (typeof read === "string") return read;
  if (stepsOf(read.tree) > mostSteps) return "the expression repeats too much: write it shorter";
  const program: Step[] = [];
  write(read.tree, program);
  program.push({ do: "found" });
  return { names: read.names, match: (text: string) => run(program, read.names, text) };
}

function stepsOf(tree: Tree): number {
  const all = (trees: readonly Tree[]) => trees.reduce((steps, one) => steps + stepsOf(one), 0);
  switch (tree.is) {
    case "row":
      return all(tree.parts);
    case "either":
      return all(tree.ways) + 2 * tree.ways.length;
    case "named":
      return stepsOf(tree.inner) + 2;
    case "again":
      return (stepsOf(tree.inner) + 2) * (tree.most === Infinity ? tree.least + 1 : tree.most);
    default:
      return 1;
  }
}

function write(tree: Tree, program: Step[]): void {
  switch (tree.is) {
    case "one":
      program.push({ do: "take", test: tree.test });
      return;
    case "start":
    case "end":
      program.push({ do: tree.is });
      return;
    case "row":
      for (const part of tree.parts) write(part, program);
      return;
    case "either":
      return writeWays(tree.ways, program);
    case "named":
      program.push({ do: "mark", place: 2 * tree.index });
      write(tree.inner, program);
      program.push({ do: "mark", place: 2 * tree.index + 1 });
      return;
    case "again":
      return writeAgain(tree, program);
  }
}

function writeWays([way, ...others]: readonly Tree[], program: Step[]): void {
  if (way === undefined) return;
  if (others.length === 0) return write(way, program);
  const fork = program.push({ do: "go", to: 0 }) - 1;
  write(way, program);
  const leave = program.push({ do: "go", to: 0 }) - 1;
  program[fork] = { do: "fork", first: fork + 1, second: program.length };
  writeWays(others, program);
  program[leave] = { do: "go", to: program.length };
}

function writeAgain({ inner, least, most, lazy }: Tree & { readonly is: "again" }, program: Step[]): void {
  for (let i = 0; i < least; i++) write(inner, program);
  const forks: number[] = [];
  const begin = program.length;
  for (let i = least; i < (most === Infinity ? least + 1 : most); i++) {
    forks.push(program.push({ do: "go", to: 0 }) - 1);
    write(inner, program);
  }
  if (most === Infinity) program.push({ do: "go", to: begin });
  for (const fork of forks) {
    const [on, out] = [fork + 1, program.length];
    program[fork] = lazy ? { do: "fork", first: out, second: on } : { do: "fork", first: on, second: out };
  }
}

/** A place that is still to be tried. */
interface Way {
  readonly step: number;
  readonly at: number;
  readonly marks: readonly number[];
}

/**
 * Tries the ways in the order of JavaScript, and each pair of step and place once: what came to nothing there once comes
 * to nothing there again.
 */
function run(
  program: readonly Step[],
  names: readonly string[],
  text: string,
): ReadonlyMap<string, string> | undefined {
  const tried = new Uint8Array(program.length * (text.length + 1));
  const ways: Way[] = [];
  for (let start = 0; start <= text.length; start++) {
    ways.push({ step: 0, at: start, marks: [] });
    for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
      let { step, at, marks } = way;
      for (;;) {
        const place = step * (text.length + 1) + at;
        if (tried[place] === 1) break;
        tried[place] = 1;
        const now = program[step];
        if (now === undefined || now.do === "found") return groups(names, marks, text);
        if (now.do === "fork") {
          ways.push({ step: now.second, at, marks });
          step = now.first;
        } else if (now.do === "go") step = now.to;
        else if (now.do === "mark") {
          const longer = [...marks];
          longer[now.place] = at;
          marks = longer;
          step += 1;
        } else if (now.do === "take") {
          if (at === text.length || !now.test(text.charCodeAt(at))) break;
          step += 1;
          at += 1;
        } else {
          if (at !== (now.do === "start" ? 0 : text.length)) break;
          step += 1;
        }
      }
    }
  }
  return undefined;
}

const groups = (names: readonly string[], marks: readonly number[], text: string): ReadonlyMap<string, string> =>
  new Map(
    names.flatMap((name, i) => {
      const [from, to] = [marks[2 * i], marks[2 * i + 1]];
      return from === undefined || to === undefined ? [] : [[name, text.slice(from, to)]];
    }),
  );
