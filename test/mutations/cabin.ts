import type { PlantedBug } from "./planted.ts";

const visits = "controller/domain/cabin";
const caught = "cabin";

/** Whose values are whose. */
const owners: readonly PlantedBug[] = [
  {
    breaks: "cabin: what was measured before the person came is taken for theirs",
    file: `${visits}/measuring.ts`,
    find: '{ kind: "measure", number, device, began, person: personOf(here.visit) },',
    put: '{ kind: "measure", number, device, began: here.visit.sat, person: personOf(here.visit) },',
    caught: { test: "test/controller/domain/cabin/measuring.test.ts" },
  },
  {
    breaks: "cabin: what a left instrument still gives is told to the next person",
    file: `${visits}/lingering.ts`,
    find: "one.visit !== visit.number && state.now.mono < one.until);",
    put: "one.visit > visit.number && state.now.mono < one.until);",
    caught,
  },
  {
    breaks: "cabin: what an instrument gives that was started before a power cut is told to the next person",
    file: "controller/domain/station.ts",
    find: "...(cut ? { cutAt: now.mono } : {}),",
    put: "",
    caught: { test: "test/controller/domain/cabin/lingering.test.ts" },
  },
  {
    breaks: "cabin: what lies in a meter's memory at the first look is new",
    file: "devices/kit/memory.ts",
    find: "if (was === undefined) return told.begun();",
    put: "if (was === undefined) return now.newest === undefined ? told.begun() : told.grown(now.newest);",
    caught,
  },
  {
    breaks: "cabin: a late answer of a stopped measurement is taken for the one that goes on",
    file: `${visits}/measuring.ts`,
    find: 'return page.is === "measuring" && page.number === number ? page : undefined;',
    put: 'return page.is === "measuring" ? page : undefined;',
    caught: { test: "test/controller/domain/cabin/visits.test.ts" },
  },
  {
    breaks: "cabin: whoever is somebody else goes on with what the last one measured",
    file: `${visits}/forgetting.ts`,
    find: "andThen(leaving(state, scene), entered);",
    put: 'stay({ ...state, scene: { ...scene, visit: { ...scene.visit, page: { is: "consent" } } } });',
    caught: { test: "test/controller/domain/cabin/forgetting.test.ts" },
  },
  {
    breaks: "cabin: a slip is made once, and printed for everybody",
    file: "controller/cabin.ts",
    find: "const slip = slipOf({ results,",
    put: "const of = globalThis as { of?: typeof results };\n    const slip = slipOf({ results: (of.of ??= results),",
    caught,
  },
  {
    breaks: "cabin: a mean is reckoned of the measurements of all rounds",
    file: `${visits}/told.ts`,
    find: "averaged.includes(shown.figure) && round === last.round);",
    put: "averaged.includes(shown.figure) && round <= last.round);",
    caught,
  },
  {
    breaks: "cabin: of what was measured twice the older is told",
    file: `${visits}/told.ts`,
    find: "taken.findLast(({ shown }) => shown.figure === figure);",
    put: "taken.find(({ shown }) => shown.figure === figure);",
    caught,
  },
  {
    breaks: "cabin: glucose is converted as if it were something heavier",
    file: "controller/domain/health/convert.ts",
    find: 'glucose: { ...same("mmol/L"), "mg/dL": { to: "mmol/L", by: 18.016 } },',
    put: 'glucose: { ...same("mmol/L"), "mg/dL": { to: "mmol/L", by: 18.5 } },',
    caught,
  },
  {
    breaks: "cabin: what could only be told as above or below is told as a number",
    file: "controller/domain/health/convert.ts",
    find: "...(comparator === undefined ? {} : { comparator }),",
    put: "",
    caught,
  },
  {
    breaks: "cabin: what is not to be believed is shown",
    file: "controller/domain/health/admit.ts",
    find: 'return why === undefined ? { is: "shown", shown }',
    put: 'return why !== "too-low" ? { is: "shown", shown }',
    caught,
  },
  {
    breaks: "cabin: what is not to be believed is passed over in silence",
    file: `${visits}/taking.ts`,
    find: "doubtful: [...new Set([...settled, ...doubted])],",
    put: "doubtful: [...new Set(settled)],",
    caught,
  },
];

/** Who sees what, and when it ends. */
const eyes: readonly PlantedBug[] = [
  {
    breaks: "cabin: values are told after a rest, and nobody is asked who sits there",
    file: `${visits}/guarding.ts`,
    find: "visit.unsure === true || state.now.mono >= at + delays.visitForgotten;",
    put: "visit.unsure === true && state.now.mono < at;",
    caught,
  },
  {
    breaks: "cabin: complaints are shown to whoever sits down in somebody's rest",
    file: `${visits}/guarding.ts`,
    find: ' || is === "pass" || is === "symptoms";',
    put: ' || is === "pass";',
    caught: { test: "test/controller/domain/cabin/forgetting.test.ts" },
  },
  {
    breaks: "cabin: nobody is forgotten who walks off from a list",
    file: `${visits}/forgetting.ts`,
    find: "default:\n      return millis(Math.min(last + delays.visitForgotten, (told ??",
    put: "default:\n      return millis(Math.min(last + 3 * delays.visitForgotten, (told ??",
    caught,
  },
  {
    breaks: "cabin: values stay on the glass until everything is forgotten",
    file: `${visits}/forgetting.ts`,
    find: "return millis(Math.max(at, turned) + delays.visitAsked);",
    put: "return millis(Math.max(at, turned) + delays.visitForgotten);",
    caught,
  },
  {
    breaks: "cabin: a measurement that nobody begins is waited for without end",
    file: `${visits}/cabin.ts`,
    find: "return mono < page.since + delays.measurementGivenUp ? stay(state)",
    put: "return mono > page.since ? stay(state)",
    caught,
  },
  {
    breaks: 'cabin: "end" waits until the instrument has answered',
    file: `${visits}/cabin.ts`,
    find: 'if (key === "end") return ending(state, heard);',
    put: 'if (key === "end" && scene.visit.page.is !== "measuring") return ending(state, heard);',
    caught,
  },
  {
    breaks: "cabin: a restart by order is obeyed while somebody is measured",
    file: "controller/domain/obeying.ts",
    find: 'scene.is === "idle" && scene.at === undefined;',
    put: '(scene.is === "idle" && scene.at === undefined) || scene.is === "cabin";',
    caught,
  },
];

/** What is left of it. */
const traces: readonly PlantedBug[] = [
  {
    breaks: "cabin: whoever refused is counted",
    file: `${visits}/forgetting.ts`,
    find: 'if (visit.consent !== "given") return stay(idle);',
    put: "",
    caught,
  },
  {
    breaks: "cabin: whoever walks off is not counted",
    file: `${visits}/cabin.ts`,
    find: "const end = forgottenAt(scene);\n  if (end !== undefined && mono >= end) return leaving(state, scene);",
    put: 'const end = forgottenAt(scene);\n  if (end !== undefined && mono >= end) return stay({ ...state, scene: { is: "idle" } });',
    caught,
  },
  {
    breaks: "cabin: counts are told while the day goes on",
    file: `${visits}/counts.ts`,
    find: "if (fresh < group || newest === today) return undefined;",
    put: "if (fresh < group) return undefined;",
    caught,
  },
  {
    breaks: "cabin: a group of five is told",
    file: `${visits}/counts.ts`,
    find: "export const group = 10;",
    put: "export const group = 5;",
    caught,
  },
  {
    breaks: "cabin: the instruments say in the night what the only visitor of the day measured",
    file: `${visits}/roll-call.ts`,
    find: "isOfFew && day <= roll.day + 1",
    put: "isOfFew && day < roll.day",
    caught: { test: "test/controller/domain/cabin/roll-call.test.ts" },
  },
  {
    breaks: "cabin: a log that the centre pulls says when a meter woke up",
    file: "controller/pulled-log.ts",
    find: "!marks.some((mark) => line.includes(mark))",
    put: "marks.length > 0 || line.length > 0",
    caught: { test: "test/controller/pulled-log.test.ts" },
  },
  {
    breaks: "cabin: counts are only in the memory",
    file: `${visits}/telling.ts`,
    find: 'stay({ ...state, counts }, { kind: "keep-counts", counts });\n}\n\n/** Tells',
    put: "stay({ ...state, counts });\n}\n\n/** Tells",
    caught,
  },
  {
    breaks: "cabin: what was told stays on the card to be told again",
    file: "controller/kiosk.ts",
    find: "...(effect.counts && { [countsName]: encode(effect.counts) }),",
    put: "",
    caught,
  },
  {
    breaks: "cabin: results are sent without a second consent",
    file: `${visits}/takeaway.ts`,
    find: '? turning(here, { is: "send" })',
    put: '? consentingToSend(here, "agree")',
    caught,
  },
  {
    breaks: "cabin: the log says what is printed",
    file: "controller/cabin.ts",
    find: "const columns = machines.printer(device)?.columns;",
    put: 'const columns = machines.printer(device)?.columns;\n    asked.world.log.note("slip", { of: JSON.stringify(results) });',
    caught,
  },
  {
    breaks: "cabin: what a visit measured lies in the memory until the next one",
    file: `${visits}/forgetting.ts`,
    find: 'const idle: State = { ...state, roll, scene: { is: "idle" } };',
    put: 'const idle = { ...state, roll, scene: { is: "idle" as const }, last: visit.taken } as State;',
    caught,
  },
  {
    breaks: "cabin: a printer that has paper again prints the slip of whoever has gone",
    file: "devices/printer/escpos.ts",
    find: "talk.forget();\n  return err(amid",
    put: "return err(amid",
    caught: { test: "test/contract/printer.test.ts" },
  },
  {
    breaks: "cabin: a slip that a power cut broke off goes on with the next roll",
    file: "devices/printer/escpos.ts",
    find: "    talk.forget();\n    let underWay",
    put: "    let underWay",
    caught: { test: "test/contract/printer.test.ts" },
  },
  {
    breaks: "cabin: a kiosk that has stopped still ticks",
    file: "controller/kiosk.ts",
    find: "      loop.stop();\n",
    put: "",
    caught,
  },
  {
    breaks: "cabin: whoever refused is offered a pass",
    file: `${visits}/takeaway.ts`,
    find: 'cabin.pass !== undefined && visit.consent === "given";',
    put: "cabin.pass !== undefined && visit.rounds > 0;",
    caught,
  },
];

/** Bugs of the health cabin, which days of it by seed must see. */
export const cabin: readonly PlantedBug[] = [...owners, ...eyes, ...traces];
