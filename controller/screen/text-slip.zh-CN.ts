import type { SlipWords } from "./text-slip.ts";

const two = (n: number): string => String(n).padStart(2, "0");

export const slipChinese: SlipWords = {
  title: "健康自测",
  moment: (year, month, day, clock) => `${year}-${two(month)}-${two(day)} ${clock}`,
  pressure: "血压",
  arrows: "↑高于参考 ↓低于参考",
  machine: (number) => `机号 ${number}`,
  ask: (phone) => `看不明白、不放心，请致电 ${phone}`,
  yours: "这张纸只给您本人，请收好",
  and: "；",
};
