import { readDesiredFile } from "../../protocol/commands/desired.ts";
import { refusalsTold, type Reported } from "../../protocol/commands/reported.ts";
import { parseBundle } from "../../protocol/pickup-code/bundle.ts";
import { parseCampaign } from "../../protocol/pickup-code/campaign.ts";
import { parseList } from "../../protocol/pickup-code/list.ts";
import { delays } from "../delays.ts";
import type { Day } from "../domain/credential.ts";
import type { Entry } from "../domain/entry.ts";
import type { Millis } from "../../devices/kit/clock.ts";
import type { SignedFile } from "./generations.ts";
import { openKeys, type Keys, type KeysAsked } from "./keys.ts";

export interface DesiredFilesAsked extends Omit<KeysAsked, "memberLists"> {
  /** As they were opened at the start. */
  readonly keys: Keys;
  /** The kiosk's day, for which the codes of new keys are derived before they are used. */
  today(): Day;
  /** To the ledger. */
  write(entry: Extract<Entry, { readonly kind: "adopted" | "file-refused" }>): void;
  /** From now on these keys and their code book are the kiosk's. */
  renewed(keys: Keys): void;
  /** What is reported has changed. */
  changed(): void;
}

/** Campaigns, lists and key bundles that the centre wants in force. What was adopted is kept and needs no second sending. */
export interface DesiredFiles {
  /** A message on down/desired/campaign/… or down/desired/keys. One at a time. */
  desired(payload: Uint8Array): Promise<void>;
  reported(): Pick<Reported, "campaigns" | "keys" | "refused">;
}

const parsers = { campaign: parseCampaign, list: parseList, keys: parseBundle } as const;
const folders = { campaign: "campaignFiles", list: "listFiles", keys: "keyFiles" } as const;
/** As openKeys names what lies in these folders. */
const named = { campaign: "campaigns/desired", list: "lists/desired", keys: "keys/desired" } as const;

/** What a message says it is; nothing of it is believed. */
interface Claim {
  readonly kind: keyof typeof parsers;
  readonly file: string;
  readonly issuedAt: string;
  readonly kid: string;
  readonly text: string;
}

export function openDesiredFiles(asked: DesiredFilesAsked): DesiredFiles {
  let { keys } = asked;
  const refused = new Map<string, string>();
  let refusalWritten: Millis | undefined;

  const refuse = (file: string, why: string): void => {
    if (refused.get(file) === why) return;
    refused.delete(file);
    refused.set(file, why);
    // Names come from outside: the oldest make room.
    for (const name of [...refused.keys()].slice(0, -refusalsTold)) refused.delete(name);
    asked.changed();
    const now = asked.clock.mono();
    // Whoever may publish there must not be able to wear out the card.
    if (refusalWritten !== undefined && now < refusalWritten + delays.fileRefusedAgain) return;
    refusalWritten = now;
    asked.write({ kind: "file-refused", file: `desired ${file}`, why });
  };

  const renew = async ({ kind, file, issuedAt, kid, text }: Claim): Promise<void> => {
    const { loaded } = asked;
    const extra: SignedFile = { name: "desired", text };
    const next = await openKeys({
      ...asked,
      memberLists: keys.memberLists,
      loaded: { ...loaded, [folders[kind]]: [...loaded[folders[kind]], extra] },
    });
    const why = next.refused.find((one) => one.file === named[kind])?.why;
    if (why !== undefined) return refuse(file, why);
    refused.delete(file);
    const isNews = JSON.stringify(next.inForce()) !== JSON.stringify(keys.inForce());
    if (!isNews) return;
    await next.codebook.prepare(asked.today()).open;
    keys = next;
    asked.renewed(next);
    asked.write({ kind: "adopted", file, issuedAt, kid });
    asked.changed();
  };

  return {
    async desired(payload) {
      if (payload.length === 0) return;
      const claim = claimIn(payload);
      if (typeof claim === "string") refuse("file", claim);
      else await renew(claim);
    },
    reported: () => ({
      ...keys.inForce(),
      refused: [...refused].map(([file, why]) => ({ file, why: why.slice(0, 1000) })),
    }),
  };
}

/** @returns a sentence where it is no signed file at all. */
function claimIn(payload: Uint8Array): Claim | string {
  const read = readDesiredFile(payload);
  if (!read.ok) return read.error.join(" ");
  const { kind, text } = read.value;
  const parsed = parsers[kind](text);
  if (!parsed.ok) return `It is no ${kind}: ${parsed.error.slice(0, 3).join(" ")}`;
  const { issuedAt, kid } = parsed.value;
  const file = "id" in parsed.value ? `${kind}/${parsed.value.id}` : kind;
  return { kind, file, issuedAt, kid, text };
}
