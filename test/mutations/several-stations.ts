import type { PlantedBug } from "./planted.ts";

/** Bugs about credentials that are good at several stations, and about what stations tell each other. */
export const severalStations: readonly PlantedBug[] = [
  {
    breaks: "what is given offline for several stations is not counted",
    file: "controller/domain/escrow.ts",
    find: "{ ...now, count: now.count + 1 }",
    put: "{ ...now }",
    caught: { test: "test/controller/domain/area.test.ts" },
  },
  {
    breaks: "a clock that is turned back fills the escrow again",
    file: "controller/domain/escrow.ts",
    find: "day > escrow.day ?",
    put: "day !== escrow.day ?",
    caught: { test: "test/controller/domain/area.test.ts" },
  },
  {
    breaks: "a token that was used elsewhere is given here",
    file: "controller/domain/area.ts",
    find: "const used = elsewhere.get(credential.id);",
    put: "const used = elsewhere.get(`${credential.id}?`);",
    caught: { test: "test/controller/domain/area.test.ts" },
  },
  {
    breaks: "a worker is sent to a neighbour with a code that is good here alone",
    file: "controller/domain/nearby.ts",
    find: 'if (!area || now.state === "floor-only") return {};',
    put: 'if (area === null || now.state === "floor-only") return {};',
    caught: { test: "test/controller/domain/nearby.test.ts" },
  },
  {
    breaks: "an older used list takes the place of a newer one",
    file: "controller/link/signed-lists.ts",
    find: "if (held !== undefined && issuedAt <= held)",
    put: "if (held !== undefined && issuedAt < 0)",
    caught: { test: "test/link/neighbours.test.ts" },
  },
  {
    breaks: "a used list is believed whoever signed it",
    file: "controller/link/signed-lists.ts",
    find: "if (!keys.some(({ key }) => read.isSigned(key)))",
    put: "if (!keys.some(({ key }) => key.length === 32))",
    caught: { test: "test/link/neighbours.test.ts" },
  },
  {
    breaks: "neighbours hear only a minute later that nothing is left",
    file: "controller/link/own-stock.ts",
    find: "if (outOfService) return millis(0);",
    put: "",
    caught: { test: "test/link/own-stock.test.ts" },
  },
  {
    breaks: "what this kiosk gave a member counts twice, once by the centre's list",
    file: "controller/link/taken-lists.ts",
    find: "row.station === own ? [] :",
    put: "row.station === own + 40_000 ? [] :",
    caught: { test: "test/link/taken-lists.test.ts" },
  },
  {
    breaks: "what a member took in an hour counts beside the sums that include it",
    file: "controller/link/taken-lists.ts",
    find: "isSum(held) || held.list.day >= summed",
    put: "isSum(held) || held.list.day >= 0",
    caught: { test: "test/link/taken-lists.test.ts" },
  },
  {
    breaks: "whoever was struck off a member list drinks on with a digital card",
    file: "controller/store/codebook.ts",
    find: '{ is: "found", candidates } : nobodysCard',
    put: '{ is: "found", candidates } : { is: "found", candidates: [plain] }',
    caught: { test: "test/store/digital-cards.test.ts" },
  },
];
