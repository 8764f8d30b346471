import { readFileSync } from "node:fs";
import { readCheckUpPass } from "../config/check-up-pass.ts";
import { codeOf } from "../controller/domain/cabin/pass.ts";
import { passesKept } from "../controller/store/passes.ts";

const row = (...cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** docs/check-up-pass.md: the union's examinations with the codes that tick them, and how a pass is kept. */
export function checkUpPassPage(): string {
  const read = readCheckUpPass(readFileSync(new URL("../config/check-up-pass.json", import.meta.url), "utf8"));
  if (!read.ok) throw new Error(read.error.map(({ path, says }) => `${path}: ${says}`).join("\n"));
  const { source, counts, groups, items } = read.value;
  const rows = groups.flatMap((group) =>
    items
      .filter((item) => item.group === group.id)
      .map((item, at) =>
        row(
          at === 0 ? `${group.name.zh} ${group.name.en}` : "",
          codeOf(item),
          item.name.zh,
          item.name.en,
          item.for ?? "",
          (item.by ?? []).map((all) => all.join(" + ")).join(", or "),
        ),
      ),
  );
  return `<!-- Made by "npm run generate" from config/check-up-pass.json. Edit that, or docs/check-up-pass-page.ts. -->
# Check-up pass

The union gives men ${counts.male} examinations and women ${counts.female}. A station does some of them, a hospital the others, and nobody does them all in one day. The pass remembers which are done: a person who consents gets a code of 12 digits, and with it finds the ticks again at the next visit to the same station. A cabin keeps passes where its station file says \`"cabin": { "pass": true }\`.

## What is kept

Sex, which items are ticked, and the month of the last use. No name, no value, no day. The pass lies under a keyed hash of its code; the key is made of the kiosk's own, so a copied list opens nothing at another kiosk. Whoever holds both the card and its key can try all codes within minutes, and then has ticks without a name. A lost code is not found again: make a new pass.

- The code is eleven digits by chance and Damm's check digit. With ${passesKept} passes one guess in twenty million finds one. After 5 unknown codes a visit has no further try; the kiosk itself takes 10, and one more a minute: at most 1,450 a day, whoever stands there, and ten more for each start of the kiosk.
- At most ${passesKept} passes are kept. Then the one that was not used for the longest makes room, if that is 400 days and more; else the kiosk says that there is no room.
- Passes lie in 256 small blobs, each with its sum. A tick writes one of them, a power cut leaves the old or the new one. A damaged one is kept beside as \`passes-<nn>-aside\`, and the passes in it are lost.

## The list

${source.confirmed ? "The union has confirmed this list." : "**The union has not confirmed this list.** Hold it against the contract with the hospital, item by item, and then set `confirmed` to true in config/check-up-pass.json; `yizhan check` judges that file too."}

${source.says}

Source: ${source.title}.

An examination that was done elsewhere is ticked by its code. The last digit is Damm's check digit: a wrong digit, or two that are swapped, tick nothing. A finger-prick at the station ticks the same item as the laboratory; whether it counts is the union's to say. Where it does not, take \`by\` out of that item.

${[row("group", "code", "项目", "item", "for", "ticked here by"), "|---|---|---|---|---|---|", ...rows].join("\n")}
`;
}
