import { emergencySymptoms, pressureSymptoms } from "../health/flags.ts";
import { heatSymptoms } from "../health/heat.ts";
import type { Symptom } from "../health/findings.ts";
import type { Meal, Sex } from "../health/ranges.ts";
import { staying, turning, learning, type Here } from "./here.ts";
import type { Stepped } from "../state.ts";
import { going } from "./leading.ts";
import type { Page } from "./visit.ts";

// What is asked before anything is measured.

/** Separate consent. Whoever refuses is measured all the same, and nothing of it is kept. */
export function consenting(here: Here, key: string): Stepped {
  if (key !== "agree" && key !== "refuse") return staying(here);
  return turning(learning(here, { consent: key === "agree" ? "given" : "refused" }), { is: "sex" });
}

const isSex = (key: string): key is Sex => key === "female" || key === "male";

export function askingSex(here: Here, { pass }: Extract<Page, { is: "sex" }>, key: string): Stepped {
  if (!isSex(key) && key !== "skip") return staying(here);
  const told = isSex(key) ? learning(here, { person: { ...here.visit.person, sex: key } }) : here;
  if (pass === undefined) return turning(told, { is: "age", typed: "" });
  return turning(told, isSex(key) ? { is: "pass-code", typed: "" } : { is: "results", leaf: 1 });
}

/** The tables are for adults, and for a child its parents would have to agree [instruments 7]. */
const [youngest, oldest] = [18, 120] as const;

export function askingAge(here: Here, { typed }: Extract<Page, { is: "age" }>, key: string): Stepped {
  const shows = (text: string): Stepped => turning(here, { is: "age", typed: text });
  if (/^\d$/.test(key)) return typed.length < 3 ? shows(typed + key) : staying(here);
  if (key === "back") return shows(typed.slice(0, -1));
  if (key === "skip") return turning(here, { is: "symptoms" });
  if (key !== "next" || typed === "") return staying(here);
  const age = Number(typed);
  if (age < youngest || age > oldest) return turning(here, { is: "age", typed: "", wrong: true });
  return turning(learning(here, { person: { ...here.visit.person, age } }), { is: "symptoms" });
}

/** Those that call for help at once come first. */
export const allSymptoms: readonly Symptom[] = [
  ...new Set<Symptom>([
    ...emergencySymptoms,
    ...heatSymptoms,
    ...pressureSymptoms,
    "dizzy",
    "thirst",
    "frequent-urination",
  ]),
];

export function askingSymptoms(here: Here, key: string): Stepped {
  const { symptoms, hotWork } = here.visit;
  if (key === "tick:hot-work") return staying(learning(here, { hotWork: hotWork !== true }));
  if (key === "next") return turning(learning(here, { hotWork: hotWork === true }), { is: "steps" });
  const symptom = allSymptoms.find((one) => key === `tick:${one}`);
  if (symptom === undefined) return staying(here);
  const others = symptoms.filter((one) => one !== symptom);
  return staying(learning(here, { symptoms: others.length < symptoms.length ? others : [...others, symptom] }));
}

const isMeal = (key: string): key is Meal => key === "fasting" || key === "after-meal" || key === "unknown";

export const askingMeal = (here: Here, key: string): Stepped =>
  isMeal(key) ? going(learning(here, { meal: key })) : staying(here);
