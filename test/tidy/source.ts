/** An import as it stands in a file. */
export interface Import {
  /** "../kit/result.ts", "node:fs", "pino". */
  readonly from: string;
  /** Erased before it runs: `import type`. */
  readonly type: boolean;
}

/** A file of the repository, in the forms that the rules look at. */
export interface Source {
  /** From the root of the repository, "devices/kit/result.ts". */
  readonly path: string;
  readonly text: string;
  /** Without comments, and with a number for each text: for names. */
  readonly code: string;
  /** Without comments: for words. */
  readonly words: string;
  readonly imports: readonly Import[];
}

export function readSource(path: string, text: string): Source {
  const { code, words, texts } = strip(text);
  return { path, text, code, words, imports: importsOf(code, texts) };
}

const importForm =
  /(?:^|[\n;}])\s*(?:import|export)\s+(type\s)?(?:[\w$*\s{},]*?\sfrom\s*)?"(\d+)"|\b(?:import|require)\(\s*"(\d+)"\s*\)/g;

function importsOf(code: string, texts: readonly string[]): readonly Import[] {
  return [...code.matchAll(importForm)].flatMap(([, type, named, called]) => {
    const from = texts[Number(named ?? called)];
    return from === undefined ? [] : [{ from, type: type !== undefined }];
  });
}

/** After one of these a slash begins a regular expression, elsewhere it divides. */
const beforeRegex = /(?:^|[=(,:;!&|?{}[\]+\-*%<>~^]|\b(?:return|typeof|case|of|in))\s*$/;
const pieces = {
  comment: /\/\/[^\n]*|\/\*[^]*?\*\//y,
  text: /"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/y,
  regex: /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y,
  /** Up to the first `${` or the end. */
  template: /(?:[^`\\$]|\\[^]|\$(?!\{))*/y,
  plain: /[\w$]+|\s+|[^]/y,
};

interface Stripped {
  readonly code: string;
  readonly words: string;
  /** The texts whose numbers stand in `code`, without their quotes. */
  readonly texts: readonly string[];
}

/** Takes the comments out, and from `code` also texts and regular expressions; what a template computes stays. */
export function strip(text: string): Stripped {
  let at = 0;
  let code = "";
  let words = "";
  const texts: string[] = [];
  /** For each open template: how many braces are open inside its `${`. */
  const templates: number[] = [];

  const take = (form: RegExp): string | undefined => {
    form.lastIndex = at;
    const found = form.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const keep = (both: string, inCode = both) => {
    words += both;
    code += inCode;
  };
  const template = () => {
    keep(take(pieces.template) ?? "", "");
    if (text.startsWith("${", at)) templates.push(0);
    keep(text.startsWith("${", at) ? "${" : "`");
    at += text.startsWith("${", at) ? 2 : 1;
  };

  while (at < text.length) {
    const next = text[at];
    if (take(pieces.comment) !== undefined) {
      keep(" ");
      continue;
    }
    const quoted = take(pieces.text);
    if (quoted !== undefined) {
      keep(quoted, `"${texts.push(quoted.slice(1, -1)) - 1}"`);
      continue;
    }
    const regex = next === "/" && beforeRegex.test(code) ? take(pieces.regex) : undefined;
    if (regex !== undefined) {
      keep(regex, "/x/");
      continue;
    }
    const open = templates.at(-1);
    if (next === "`") {
      at++;
      keep("`");
      template();
    } else if (next === "}" && open === 0) {
      templates.pop();
      at++;
      keep("}");
      template();
    } else {
      if (open !== undefined && next === "{") templates.splice(-1, 1, open + 1);
      if (open !== undefined && next === "}") templates.splice(-1, 1, open - 1);
      keep(take(pieces.plain) ?? "");
    }
  }
  return { code, words, texts };
}
