import type { Id } from "../assertions.ts";
import type { Judge } from "../look.ts";
import { ofBirths } from "./births.ts";
import { ofData } from "./data.ts";
import { ofDeaths } from "./deaths.ts";
import { ofHosts } from "./hosts.ts";
import { ofNames } from "./names.ts";
import { ofSessions } from "./session.ts";

/** How each assertion is proved. One without a proof does not compile, and has a red test. */
export const judges: Readonly<Record<Id, Judge>> = {
  ...ofNames,
  ...ofSessions,
  ...ofBirths,
  ...ofData,
  ...ofDeaths,
  ...ofHosts,
};
