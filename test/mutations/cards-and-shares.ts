import type { PlantedBug } from "./planted.ts";

const turn = { test: "test/controller/domain/turn.test.ts" } as const;
const quota = { test: "test/controller/domain/quota.test.ts" } as const;
const days = { test: "test/controller/domain/quota-days.test.ts" } as const;
const cards = { test: "test/controller/domain/quota-cards.test.ts" } as const;

/** Bugs about cards, whose turn it is, and what a member may have. */
export const cardsAndShares: readonly PlantedBug[] = [
  {
    breaks: "what a member took is not counted",
    file: "controller/domain/visits.ts",
    find: "      ever: (count?.ever ?? 0) + 1,",
    put: "      ever: (count?.ever ?? 0) + 1,\n      ...{ days: new Map() },",
    caught: "members",
  },
  {
    breaks: "a good that a member's outcome left open is forgotten at once",
    file: "controller/domain/visits.ts",
    find: '(delivery === "unknown" && !frees)) return taken',
    put: '(delivery === "unknown" && frees === undefined)) return taken',
    caught: quota,
  },
  {
    breaks: "a member's unknown outcome is settled in the member's favour each time",
    file: "controller/domain/pickup.ts",
    find: "if (visits?.day === open.day && visits.favours > 0) return false;",
    put: "",
    caught: quota,
  },
  {
    breaks: "a digital card does not count against its member's share",
    file: "controller/domain/credential.ts",
    find: '(credential.kind === "member" ? credential : member);',
    put: '(credential.kind === "member" ? credential : member && undefined);',
    caught: "tales",
  },
  {
    breaks: "what the worker says after a power cut does not count against the share",
    file: "controller/domain/visits.ts",
    find: "  return taken({ ...books, favoured }, favour);",
    put: "  return { ...books, favoured };",
    caught: "tales",
  },
  {
    breaks: "a wild clock brings a new day's share",
    file: "controller/domain/almanac.ts",
    find: "Math.max(dayOf(countedOn(almanac, now)), newest)",
    put: "Math.max(dayOf(now.utc), newest)",
    caught: days,
  },
  {
    breaks: "the same reading of a card that counts is good twice",
    file: "controller/domain/visits.ts",
    find: "counter > known.value ? undefined : known;",
    put: "counter >= known.value ? undefined : known;",
    caught: cards,
  },
  {
    breaks: "a card that is read while a motor turns ends the worker's turn",
    file: "controller/domain/turn.ts",
    find: '  scene.is === "cabin" ||\n  scene.is === "vending";',
    put: '  scene.is === "cabin";',
    caught: turn,
  },
  {
    breaks: "the answer about a card that left is taken for the next one's",
    file: "controller/domain/turn.ts",
    find: 'scene.phase !== "asked" || asked !== state.asked)',
    put: 'scene.phase !== "asked")',
    caught: turn,
  },
  {
    breaks: "a card that is held through its own vend is judged again after it",
    file: "controller/domain/turn.ts",
    find: "if (busy(state) && serving !== undefined && sameThing(serving, reading)) return stay(state);",
    put: "",
    caught: turn,
  },
  {
    breaks: "a held card is read again every two seconds",
    file: "controller/readers.ts",
    find: "held.set(thing, { at, ...(",
    put: "held.set(thing, { at: before?.at ?? at, ...(",
    caught: "members",
  },
  {
    breaks: "cards of nobody cost nothing",
    file: "controller/domain/session.ts",
    find: 'if (verdict.is === "unregistered" && verdict.guess)',
    put: 'if (verdict.is === "unregistered" && !verdict.guess)',
    caught: { test: "test/controller/domain/numbers.test.ts" },
  },
  {
    breaks: "known cards tell themselves from unknown ones while both rest",
    file: "controller/domain/guesses.ts",
    find: 'proof === "number" ? "numbers" : undefined',
    put: 'proof === "present" ? "numbers" : undefined',
    caught: { test: "test/controller/domain/numbers.test.ts" },
  },
];
