import { expect, test } from "vitest";
import { columns, table } from "../../../console/cli/table.ts";
import type { Overview, StationStatus } from "../../../console/collector/status.ts";

const now = Date.UTC(2026, 6, 15, 4);
const minute = 60_000;
const well: StationStatus = {
  kiosk: "zp-002",
  group: "320583",
  name: { zh: "玉山镇劳动者驿站", en: "Yushan" },
  state: "online",
  since: now - 50 * minute,
  causes: [],
  todo: "",
  urgency: 9,
};
const gone: StationStatus = {
  ...well,
  kiosk: "kunshan-north-0017",
  name: { zh: "昆山开发区前进东路一百二十八号劳动者驿站北门外", en: "Kunshan" },
  state: "offline",
  since: now - 72 * 60 * minute,
  causes: ["silent for 3 days", "its certificate expires in 9 days"],
  todo: "Look whether it has power and network, and call the person who opens the room in the morning.",
  urgency: 3,
};
const overview: Overview = { at: now, trouble: [], stations: [gone, well] };

test.each([80, 120])("no line is longer than a terminal of %i columns", (width) => {
  const troubled = {
    ...overview,
    trouble: [
      "The centre lost its broker 3 min ago: the line is down, and nobody knows what kiosks do now, which is no fault of theirs.",
    ],
  };
  for (const line of table(troubled, width)) expect(columns(line)).toBeLessThanOrEqual(width);
});

test("each station has its state, its age, and what to do, below one another", () => {
  expect(table(overview, 80)).toEqual([
    "KIOSK               STATE    SINCE   WHAT IS WRONG, AND WHAT TO DO",
    "kunshan-north-0017  offline  3 days  Silent for 3 days; its certificate expires",
    "                                     in 9 days. Look whether it has power and",
    "                                     network, and call the person who opens the",
    "                                     room in the morning.",
    "zp-002              online   50 min",
    "",
    "2 kiosks, 1 online, 1 offline, 1 to look at",
  ]);
});

test("names in Chinese take two columns a sign, and a long one is shortened", () => {
  const lines = table(overview, 120);
  const at = (line: string | undefined, word: string) => columns((line ?? "").slice(0, (line ?? "").indexOf(word)));
  expect(at(lines[0], "STATE")).toBe(at(lines[1], "offline"));
  expect(lines[1]).toContain("昆山开发区前进东路一百…");
  expect(lines.join("\n")).toContain("玉山镇劳动者驿站");
});

test("the centre's own trouble stands first", () => {
  const [first] = table({ ...overview, trouble: ["The centre lost its broker."] }, 80);
  expect(first).toBe("! The centre lost its broker.");
});
