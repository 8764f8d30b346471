import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { made } from "../protocol/members/making.ts";
import { own } from "../store/issuing.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly complaint: string;
}

const start = (command: string, words: readonly string[], cwd = root): Promise<Answer> =>
  new Promise((settle) => {
    const child = execFile(command, words, { cwd }, (_, out, complaint) =>
      settle({ code: child.exitCode ?? -1, out, complaint }),
    );
  });
const yizhan = (...words: readonly string[]) => start(process.execPath, ["controller/yizhan.mjs", ...words]);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "yizhan-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the overview names every command, examples and exit codes", async () => {
  const { code, out } = await yizhan("--help");
  expect(code).toBe(0);
  for (const command of ["sim", "run", "refill", "check", "codes", "ledger", "test"])
    expect(out).toMatch(new RegExp(`^  ${command} `, "m"));
  expect(out).toContain("Examples:");
  expect(out).toContain("Exit codes:");
});

test.each(["sim", "run", "refill", "check"])("%s has its own help with examples and exit codes", async (command) => {
  const { code, out } = await yizhan(command, "--help");
  expect(code).toBe(0);
  expect(out).toContain(`Usage: yizhan ${command}`);
  expect(out).toContain("Examples:");
  expect(out).toContain("Exit codes:");
});

test.each<[readonly string[], string]>([
  [["chekc"], "Unknown command 'chekc'. (Did you mean check?) Add --help to see how it is written.\n"],
  [["check"], "Required option '--config <dir>' not specified. Add --help to see how it is written.\n"],
  [
    ["check", "--config", ".", "--confg", "."],
    "Unknown option '--confg'. (Did you mean --config?) Add --help to see how it is written.\n",
  ],
  [
    ["sim", "--port", "65536"],
    "Option '--port <n>' argument '65536' is invalid. Expected a whole number from 0 to 65535. Add --help to see how it is written.\n",
  ],
  [
    ["sim", "--port", "1e3"],
    "Option '--port <n>' argument '1e3' is invalid. Expected a whole number from 0 to 65535. Add --help to see how it is written.\n",
  ],
])("%j is not understood: exit code 2 and a sentence", async (words, sentence) => {
  expect(await yizhan(...words)).toEqual({ code: 2, out: "", complaint: sentence });
});

test("check of a good folder says so and exits with 0", async () => {
  copyFileSync(join(root, "config/station.example.json"), join(folder, "station.json"));
  expect(await yizhan("check", "--config", folder)).toEqual({
    code: 0,
    out: "ZP-001: no mistake. Devices: vend (xy-v3), ice (tcn). Slots: 4.\n",
    complaint: "",
  });
});

test("check tells of a campaign that the kiosk would not obey, and why", async () => {
  copyFileSync(join(root, "config/station.example.json"), join(folder, "station.json"));
  mkdirSync(join(folder, "campaigns"), { recursive: true });
  writeFileSync(join(folder, "campaigns/summer.json"), '{"v": 1}');
  const { code, complaint } = await yizhan("check", "--config", folder);
  rmSync(join(folder, "campaigns"), { recursive: true });
  expect(code).toBe(1);
  expect(complaint).toMatch(/^campaigns\/summer\.json: .*\n1 mistake\.\n$/);
});

test("check tells of a member list that the kiosk would not obey, and says nothing of one that only lacks its secret", async () => {
  const example = readFileSync(join(root, "config/station.example.json"), "utf8");
  const trusted = JSON.stringify({ ...JSON.parse(example), trust: [own.trust] });
  writeFileSync(join(folder, "station.json"), trusted);
  mkdirSync(join(folder, "members"), { recursive: true });
  const { bytes } = await made({ fields: { station: "ZP-001" } });
  writeFileSync(join(folder, "members/union.members"), bytes);
  const sound = await yizhan("check", "--config", folder);
  writeFileSync(join(folder, "members/union.members"), bytes.fill(0, bytes.length - 1));
  const { code, complaint } = await yizhan("check", "--config", folder);
  rmSync(join(folder, "members"), { recursive: true });
  expect(sound).toMatchObject({ code: 0, complaint: "" });
  expect(code).toBe(1);
  expect(complaint).toMatch(/^members\/union\.members: Its rows are not those that were signed\. .*\n1 mistake\.\n$/);
});

test("check of a spoilt folder tells each mistake on a line and exits with 1", async () => {
  const spoilt = readFileSync(join(root, "config/station.example.json"), "utf8")
    .replace('"opens": "06:00"', '"opens": "6 am"')
    .replace('"product": "soda"', '"product": "sodda"');
  writeFileSync(join(folder, "station.json"), spoilt);
  expect(await yizhan("check", "--config", folder)).toEqual({
    code: 1,
    out: "",
    complaint:
      'station.json: station.opens: expected a time of day such as "06:00", found "6 am"\n' +
      'station.json: slots[2].product: there is no product "sodda"; did you mean "soda"?\n' +
      "2 mistakes.\n",
  });
});

test("npx yizhan runs the clone's own command on the pinned Node", async () => {
  const { code, out } = await start("npx", ["yizhan", "check", "--help"]);
  expect({ code, out: out.split("\n")[0] }).toEqual({ code: 0, out: "Usage: yizhan check [options]" });
});

test("npm start is the simulation", async () => {
  const { code, out } = await start("npm", ["start", "--silent", "--", "--help"]);
  expect({ code, out: out.split("\n")[0] }).toEqual({ code: 0, out: "Usage: yizhan sim [options]" });
});
