import { ann, bob, card, type Card } from "./members.ts";
import { Paper, setting, type Sheet } from "./on-paper.ts";

// A kiosk with a reader, two members, and how they take what is theirs.

export const readers = [{ id: "reader", reads: ["card"] as const }];
export const kiosk = (annsCard: Card = {}, over: Partial<Sheet> = {}): Paper =>
  new Paper({ cards: { A1: card(ann, annsCard), B2: card(bob, annsCard) }, setting: { ...setting, readers }, ...over });

/** A good is taken with this card, whatever is asked meanwhile; the next may tap when the screen is idle. */
export function takes(paper: Paper, uid = "A1", product = "choose:1"): Paper {
  paper.tap(uid);
  if (paper.shows === "choose") paper.press(product);
  if (paper.shows === "dispensing") paper.saveAll().drops().saveAll();
  return paper;
}
export const next = (paper: Paper): Paper => {
  paper.pass(20_000);
  return paper;
};
export const gives = (paper: Paper): number => paper.saves("outcome").length;
