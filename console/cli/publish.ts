import {
  configBounds,
  desiredConfigSchema,
  documentHash,
  fileBounds,
  signConfig,
} from "../../protocol/commands/desired.ts";
import { kioskName } from "../../protocol/fleet/topics.ts";
import { parseBundle } from "../../protocol/pickup-code/bundle.ts";
import { parseCampaign } from "../../protocol/pickup-code/campaign.ts";
import { bad, good, type Judged } from "../../protocol/pickup-code/judged.ts";
import { parseList } from "../../protocol/pickup-code/list.ts";
import { isSigned, publicOf, type SignedKind } from "../../protocol/pickup-code/sign.ts";
import { readFile } from "../../protocol/pickup-code/signed-file.ts";
import { kids, openIssuerKeys, type IssuerKeys } from "../authority/issuer-keys.ts";
import { placesIn } from "../folder.ts";
import { dropDesired, putDesired, type DesiredName } from "../post/desired.ts";
import { readObject, readPaper } from "./paper.ts";
import { refused, say } from "./words.ts";

export interface PublishOptions {
  readonly data: string;
  readonly config?: string;
  readonly version?: string;
  readonly campaign?: string;
  readonly keys?: string;
  readonly drop?: string;
}

interface Ready {
  readonly name: DesiredName;
  readonly text: string;
  readonly says: string;
}

/** Puts a signed file where the running centre finds it and hands it to the kiosk. @returns the exit code. */
export function publish(kiosk: string, options: PublishOptions): number {
  const { desired, keys: folder } = placesIn(options.data);
  const name = kioskName(kiosk);
  if (options.drop !== undefined) return dropped(desired, name, options.drop);
  const keys = openIssuerKeys(folder);
  if (!keys.ok) return refused(keys.error);
  const asked = [
    ...(options.config === undefined ? [] : [configOf(name, options.config, options.version, keys.value)]),
    ...(options.campaign === undefined ? [] : [fileOf(name, options.campaign, keys.value)]),
    ...(options.keys === undefined ? [] : [bundleOf(name, options.keys, keys.value)]),
  ];
  if (asked.length === 0) return refused(["Name a file with --config, --campaign or --keys."]);
  const ready: Ready[] = [];
  for (const one of asked) {
    if (!one.ok) return refused(one.error);
    ready.push(one.value);
  }
  for (const { name, text, says } of ready) {
    putDesired(desired, name, text);
    say(`${name.kiosk}: ${says} is what it shall have; a running centre hands it over within seconds.`);
  }
  return 0;
}

function dropped(folder: string, kiosk: string, what: string): number {
  const [, kind, id] = /^(config|campaign|keys)(?:-([A-Za-z0-9-]+))?$/.exec(what) ?? [];
  if (kind === undefined) return refused([`--drop ${what}: expected config, keys or campaign-<id>.`]);
  const name: DesiredName = { kiosk, what: kind as DesiredName["what"], ...(id === undefined ? {} : { id }) };
  if (!dropDesired(folder, name)) return refused([`Nothing of that name was desired of ${kiosk}.`]);
  say(`${kiosk}: ${what} is desired no more; what is in force there stays so.`);
  return 0;
}

/** A station file is signed; a signed configuration is taken as it is. */
function configOf(kiosk: string, path: string, version: string | undefined, keys: IssuerKeys): Judged<Ready> {
  const read = readObject(path);
  if (!read.ok) return read;
  const issuedAt = new Date().toISOString();
  const document =
    read.value["kind"] === "config"
      ? read.value
      : signConfig(
          {
            v: 1,
            kind: "config",
            station: stationIdOf(read.value) ?? kiosk,
            version: version ?? `${issuedAt.slice(0, 10)}.${documentHash(read.value).slice(0, 8)}`,
            issuedAt,
            kid: kids.release,
            config: read.value,
          },
          keys.release,
        );
  const text = JSON.stringify(document);
  const judged = readFile(text, desiredConfigSchema);
  if (!judged.ok) return bad(...judged.error.map((sentence) => `${path}: ${sentence}`));
  const fits = fitsKiosk("config", path, kiosk, judged.value, keys, text, configBounds.bytes);
  if (!fits.ok) return fits;
  return good({ name: { kiosk, what: "config" }, text, says: `configuration ${judged.value.version}` });
}

function stationIdOf(config: Readonly<Record<string, unknown>>): string | undefined {
  const { station } = config;
  return typeof station === "object" && station !== null && "id" in station && typeof station.id === "string"
    ? station.id
    : undefined;
}

function fileOf(kiosk: string, path: string, keys: IssuerKeys): Judged<Ready> {
  const text = readPaper(path);
  if (!text.ok) return text;
  const isList = /"kind"\s*:\s*"list"/.test(text.value);
  const judged = isList ? parseList(text.value) : parseCampaign(text.value);
  if (!judged.ok) return bad(...judged.error.map((sentence) => `${path}: ${sentence}`));
  const { kind, id } = judged.value;
  const fits = fitsKiosk(kind, path, kiosk, judged.value, keys, text.value, fileBounds.bytes);
  if (!fits.ok) return fits;
  return good({ name: { kiosk, what: "campaign", id }, text: text.value, says: `${kind} ${id}` });
}

function bundleOf(kiosk: string, path: string, keys: IssuerKeys): Judged<Ready> {
  const text = readPaper(path);
  if (!text.ok) return text;
  const judged = parseBundle(text.value);
  if (!judged.ok) return bad(...judged.error.map((sentence) => `${path}: ${sentence}`));
  const fits = fitsKiosk("keys", path, kiosk, judged.value, keys, text.value, fileBounds.bytes);
  if (!fits.ok) return fits;
  return good({ name: { kiosk, what: "keys" }, text: text.value, says: `key bundle of ${judged.value.issuedAt}` });
}

/** What the kiosk would refuse is refused here, where somebody reads it. */
function fitsKiosk(
  kind: SignedKind,
  path: string,
  kiosk: string,
  document: { readonly station: string; readonly kid: string; readonly sig: string },
  keys: IssuerKeys,
  text: string,
  bytes: number,
): Judged<void> {
  const complaints = [
    ...(kioskName(document.station) === kiosk
      ? []
      : [`${path} is for the kiosk ${document.station}, not for ${kiosk}.`]),
    ...(document.kid !== kids.release || isSigned(kind, document, publicOf("ed25519", keys.release))
      ? []
      : [`${path} is not signed with the release key of this centre, or was changed after signing. Sign it again.`]),
    ...(Buffer.byteLength(text) <= bytes ? [] : [`${path} has more than ${bytes} bytes: a kiosk reads no more.`]),
  ];
  return complaints.length === 0 ? good(undefined) : bad(...complaints);
}
