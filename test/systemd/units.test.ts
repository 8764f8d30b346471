import { execFileSync, spawnSync } from "node:child_process";
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const project = resolve(import.meta.dirname, "../..");
const units = join(project, "systemd");
const read = (name: string) => readFileSync(join(units, name), "utf8");

/** Every value that a unit gives to a key; lines continued by a backslash are one. */
const values = (unit: string, key: string) =>
  read(unit)
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line.startsWith(`${key}=`))
    .map((line) => line.slice(key.length + 1).trim());

const numberOf = (unit: string, key: string) => Number.parseInt(values(unit, key)[0] ?? "absent", 10);

/** The programs that a unit starts, as it names them. */
const programs = (unit: string) =>
  values(unit, "ExecStart").flatMap((line) => line.split(/\s+/).filter((word) => /^\/(usr|opt)\/.*[a-z]$/.test(word)));

/**
 * A root folder as install.sh makes it, with systemd's own units and a program for every one that our units start: so
 * `verify` complains of nothing but our mistakes. Answers what it said, and a way to change a unit first.
 */
function installed(unit: string, change: (text: string) => string = (text) => text): string {
  const root = mkdtempSync(join(tmpdir(), "units-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const folder = join(root, "etc/systemd/system");
  mkdirSync(folder, { recursive: true });
  cpSync("/usr/lib/systemd/system", join(root, "usr/lib/systemd/system"), { recursive: true, verbatimSymlinks: true });
  for (const name of ["yizhan.service", "yizhan-screen.service"]) writeFileSync(join(folder, name), read(name));
  writeFileSync(join(folder, unit), change(read(unit)));
  for (const program of new Set([...programs("yizhan.service"), ...programs("yizhan-screen.service")])) {
    const at = join(root, program);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, "#!/bin/sh\n");
    chmodSync(at, 0o755);
  }
  const verify = spawnSync("systemd-analyze", ["verify", `--root=${root}`, unit], { encoding: "utf8" });
  return `${verify.stdout}${verify.stderr}`
    .split("\n")
    .filter((line) => line.includes("yizhan"))
    .join("\n");
}

for (const unit of ["yizhan.service", "yizhan-screen.service"]) {
  test(`systemd has nothing to say against ${unit}`, () => {
    expect(installed(unit)).toBe("");
  });

  test(`a wrong key, a wrong value and a missing program in ${unit} would be seen`, () => {
    expect(installed(unit, (text) => `${text}\n[Service]\nWachdogSec=30\n`)).toContain("WachdogSec");
    expect(installed(unit, (text) => text.replace("RestartSec=2", "RestartSec=soon"))).toContain("soon");
    expect(installed(unit, (text) => text.replace("ExecStart=/", "ExecStart=/missing/"))).toContain("/missing/");
  });
}

test("what yizhan.service starts is what a checkout has under the same name", () => {
  const [command = ""] = values("yizhan.service", "ExecStart");
  const ours = command.split(" ").filter((word) => word.startsWith("/opt/yizhan/"));
  expect(ours).toHaveLength(2);
  for (const path of ours) accessSync(path.replace("/opt/yizhan", project), constants.R_OK);
  expect(command.endsWith(" run --config /etc/yizhan --data /var/lib/yizhan")).toBe(true);
});

test("yizhan.service is exposed to at most 2.0 of 10", () => {
  const asked = ["security", "--offline=true", "--threshold=20", join(units, "yizhan.service")];
  const judged = spawnSync("systemd-analyze", asked, { encoding: "utf8" });
  const line = /Overall exposure level for yizhan\.service: ([0-9.]+)/.exec(judged.stdout);
  console.log(line?.[0] ?? judged.stderr);
  expect(judged.status).toBe(0);
  expect(Number(line?.[1])).toBeLessThanOrEqual(2);
});

test("nothing waits for the network or for the time of day", () => {
  for (const unit of ["yizhan.service", "yizhan-screen.service"]) {
    const waits = ["After", "Requires", "Wants", "BindsTo"].flatMap((key) => values(unit, key));
    expect(waits).toEqual(unit === "yizhan.service" ? [] : ["yizhan.service"]);
  }
});

test("nothing that the kiosk or the screen has in mind gets onto the card: neither by swapping nor by a core file", () => {
  for (const unit of ["yizhan.service", "yizhan-screen.service"]) {
    expect([unit, values(unit, "MemorySwapMax"), values(unit, "LimitCORE")]).toEqual([unit, ["0"], ["0"]]);
    expect(values(unit, "MemoryMax"), "where memory ends, the unit is started anew").toHaveLength(1);
  }
});

test("the kiosk is never given up, and has the time it needs to finish a motion", () => {
  for (const unit of ["yizhan.service", "yizhan-screen.service"]) {
    expect(values(unit, "Restart")).toEqual(["always"]);
    expect(values(unit, "StartLimitIntervalSec")).toEqual(["0"]);
  }
  expect(numberOf("yizhan.service", "TimeoutStopSec")).toBe(30);
  expect(numberOf("yizhan.service", "WatchdogSec")).toBe(30);
});

test("V8 may do what it must: protection keys, and writing the code it runs", () => {
  expect(values("yizhan.service", "SystemCallFilter").join(" ")).toContain("@pkey");
  expect(values("yizhan.service", "MemoryDenyWriteExecute")).toEqual([]);
});

test("the screen shows this machine's page and may speak to this machine alone", () => {
  const [command = ""] = values("yizhan-screen.service", "ExecStart");
  expect(command).toContain("--kiosk http://127.0.0.1:8080/ ");
  expect(values("yizhan-screen.service", "IPAddressDeny")).toEqual(["any"]);
  const policy: unknown = JSON.parse(read("chromium-policy.json"));
  expect(policy).toMatchObject({ URLBlocklist: ["*"], URLAllowlist: ["http://127.0.0.1:8080"] });
});

test("systemd reads the other files without a complaint", () => {
  const dry = (program: string, file: string) =>
    spawnSync(
      program,
      [...(program === "systemd-sysusers" ? ["--dry-run"] : ["--create", "--prefix=/nowhere"]), file],
      {
        encoding: "utf8",
      },
    );
  expect(dry("systemd-sysusers", join(units, "yizhan.sysusers")).status).toBe(0);
  expect(dry("systemd-tmpfiles", join(units, "yizhan.tmpfiles")).status).toBe(0);
});

test("install.sh is a shell script that refuses what it does not know", () => {
  execFileSync("sh", ["-n", join(units, "install.sh")]);
  const asked = spawnSync("sh", [join(units, "install.sh"), "--wihtout-screen"], { encoding: "utf8" });
  expect(asked.status).toBe(2);
  expect(asked.stderr).toContain("usage:");
});
