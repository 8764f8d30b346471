import type { SlipWords } from "./text-slip.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export const slipEnglish: SlipWords = {
  title: "Health check",
  moment: (year, month, day, clock) => `${day} ${months[month - 1] ?? month} ${year} ${clock}`,
  pressure: "Blood pressure",
  arrows: "↑ above range ↓ below range",
  machine: (number) => `Machine ${number}`,
  ask: (phone) => `Questions? Call ${phone}`,
  yours: "This paper is yours alone: keep it",
  and: "; ",
};
