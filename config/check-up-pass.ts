import { readFile } from "node:fs/promises";
import * as v from "valibot";
import type { Result } from "../devices/kit/result.ts";
import { item as measured } from "./cabin-schema.ts";
import { id, name, text, whole, yesNo } from "./fields.ts";
import type { Mistake } from "./mistake.ts";
import { readTable, type Slip } from "./table.ts";

const sexes = ["female", "male"] as const;
const count = whole(1, 90);

const item = v.strictObject(
  {
    /** Two digits, so that every code has three. */
    number: whole(10, 99),
    group: id,
    name,
    for: v.exactOptional(v.picklist(sexes, 'expected "female" or "male"')),
    by: v.exactOptional(
      v.pipe(
        v.array(
          v.pipe(v.array(measured, "expected a list of items"), v.minLength(1, "expected at least one item")),
          "expected lists of items",
        ),
        v.minLength(1, "expected at least one list of items"),
      ),
    ),
  },
  'expected an item: { "number": …, "group": …, "name": … }',
);

export const checkUpPassSchema = v.strictObject(
  {
    v: v.literal(1, "expected 1"),
    source: v.strictObject(
      {
        title: text("where the list comes from"),
        says: text("what is known of it"),
        /** Whether the union has confirmed the list, item by item. */
        confirmed: yesNo,
      },
      "expected the source",
    ),
    counts: v.strictObject({ male: count, female: count }, 'expected { "male": …, "female": … }'),
    groups: v.array(v.strictObject({ id, name }, "expected a group"), "expected a list of groups"),
    items: v.array(item, "expected a list of items"),
  },
  "expected the check-up pass",
);
export type CheckUpPassFile = v.InferOutput<typeof checkUpPassSchema>;

const table = {
  file: "config/check-up-pass.json",
  schema: checkUpPassSchema,
  slips: (value: CheckUpPassFile) => [...doubled(value), ...strayed(value), ...miscounted(value)],
};

/** Reads the union's list of examinations; every mistake is a sentence with its place. */
export async function loadCheckUpPass(
  place: URL = new URL("./check-up-pass.json", import.meta.url),
): Promise<Result<CheckUpPassFile, readonly Mistake[]>> {
  return readCheckUpPass(await readFile(place, "utf8"));
}

export const readCheckUpPass = (json: string): Result<CheckUpPassFile, readonly Mistake[]> => readTable(table, json);

function doubled({ items }: CheckUpPassFile): readonly Slip[] {
  return items.flatMap(({ number }, i) => {
    const first = items.findIndex((other) => other.number === number);
    return first === i
      ? []
      : [{ path: `items[${i}].number`, says: `${number} is that of items[${first}]: give it a number of its own` }];
  });
}

function strayed({ items, groups }: CheckUpPassFile): readonly Slip[] {
  return items.flatMap(({ group }, i) =>
    groups.some(({ id: known }) => known === group)
      ? []
      : [{ path: `items[${i}].group`, says: `there is no group "${group}"; add it to "groups"` }],
  );
}

function miscounted({ items, counts }: CheckUpPassFile): readonly Slip[] {
  return sexes.flatMap((sex) => {
    const found = items.filter((one) => one.for === undefined || one.for === sex).length;
    return found === counts[sex]
      ? []
      : [{ path: `counts.${sex}`, says: `expected ${counts[sex]} items for this sex, found ${found}` }];
  });
}
