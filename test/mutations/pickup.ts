import type { PlantedBug } from "./planted.ts";

/** Bugs about the write-ahead rule: what is saved, what moves, and what is told. */
export const pickup: readonly PlantedBug[] = [
  {
    breaks: "the motor turns before the attempt is on the disk",
    file: "controller/domain/pickup.ts",
    find: 'scene: { is: "vending", vend, phase: "saving", at } }, { kind: "save", entry });',
    put: 'scene: { is: "vending", vend: { ...vend, seq: state.books.seq + 1 }, phase: "moving", at } }, { kind: "save", entry }, { kind: "release", device: place.device, slot: place.slot, seq: state.books.seq + 1 });',
    caught: "tales",
  },
  {
    breaks: "a worker hears of an outcome that is not on the disk",
    file: "controller/domain/pickup.ts",
    find: "return stay(withTries(settling, bucket, tries), {",
    put: 'return stay({ ...withTries(settling, bucket, tries), scene: { is: "done", seq, product: open.product, at: state.now.mono } }, {',
    caught: { test: "test/controller/domain/pickup.test.ts" },
  },
  {
    breaks: "what nobody knows is called a failure",
    file: "controller/domain/pickup.ts",
    find: '        delivery: "unknown",\n        started: true,\n        why: fault.kind,',
    put: '        delivery: "not-delivered",\n        started: true,\n        why: fault.kind,',
    caught: "days",
  },
  {
    breaks: "a proven failure is called a good that fell",
    file: "controller/domain/pickup.ts",
    find: '        delivery: "not-delivered",\n        started,',
    put: '        delivery: "delivered",\n        started,',
    caught: "days",
  },
  {
    breaks: "a code is given back after each unknown outcome, and not once",
    file: "controller/domain/pickup.ts",
    find: "?.unknowns ?? 0) === 0 &&",
    put: "?.unknowns ?? 0) >= 0 &&",
    caught: "tales",
  },
  {
    breaks: "a proven failure does not give the code back",
    file: "controller/domain/pickup.ts",
    find: "        why: fault.kind,\n        frees: true,",
    put: "        why: fault.kind,\n        frees: false,",
    caught: "tales",
  },
  {
    breaks: "a board's second word about a motion makes a second outcome",
    file: "controller/domain/pickup.ts",
    find: "if (open === undefined || (!moving && !state.orphans.has(seq))) return stay(state);",
    put: "if (open === undefined) return stay(state);",
    caught: "tales",
  },
  {
    breaks: "the second motion is made by the slot that has just failed",
    file: "controller/domain/pickup.ts",
    find: "pick(shelf(setting, state), vend.place.product, vend.tried);",
    put: "pick(shelf(setting, state), vend.place.product, new Set());",
    caught: { test: "test/controller/domain/pickup.test.ts" },
  },
  {
    breaks: "a second motion is made before a blocked curtain",
    file: "controller/domain/pickup.ts",
    find: "const place = bad ? undefined : retry(setting, now, vend);",
    put: "const place = retry({ ...setting }, { ...now, shut: new Map() }, vend);",
    caught: { test: "test/controller/domain/pickup.test.ts" },
  },
  {
    breaks: "the curtain is not asked after a failure",
    file: "controller/domain/pickup.ts",
    find: '          { kind: "curtain", device },\n',
    put: "",
    caught: { test: "test/controller/domain/pickup.test.ts" },
  },
  {
    breaks: "a code whose good was taken after a power cut moves the machine again",
    file: "controller/domain/books.ts",
    find: 'use && { ...use, state: "used" }),',
    put: "use),",
    caught: "tales",
  },
  {
    breaks: "an attempt that was called off moves the machine when the disk takes it at last",
    file: "controller/domain/pickup.ts",
    find: "    return stay({ ...state, abandoned: false }, calledOff(seq, true, why));",
    put: '    return stay({ ...state, abandoned: false }, calledOff(seq, true, why), { kind: "release", device: "vend", slot: "1", seq });',
    caught: "tales",
  },
];
