import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { kioskName } from "../../protocol/fleet/topics.ts";
import { dayLabel, type Day } from "../../protocol/pickup-code/calendar.ts";
import { parseCampaign } from "../../protocol/pickup-code/campaign.ts";
import { epochsOf } from "../../protocol/pickup-code/epochs.ts";
import { issuer } from "../../protocol/pickup-code/issuer.ts";
import { bad, good, type Judged } from "../../protocol/pickup-code/judged.ts";
import { openAuthority, type Authority } from "../authority/authority.ts";
import { kids, openIssuerKeys, trustOf, type IssuerKeys } from "../authority/issuer-keys.ts";
import { writeOpenly, writePrivately } from "../authority/safe.ts";
import { placesIn } from "../folder.ts";
import { ownNameForm } from "../own-link.ts";
import { dayOf } from "../post/used.ts";
import { kioskForm } from "./arguments.ts";
import { readObject, readPaper } from "./paper.ts";
import { withDesk, type CentrePlace } from "./with-desk.ts";
import { refused, say } from "./words.ts";

export interface AddOptions extends CentrePlace {
  readonly out: string;
  readonly group: string;
  readonly server: readonly string[];
  /** The kiosk's station file, for its number and its names. */
  readonly station?: string;
  /** The kiosk's public key: kiosk.pub of its data folder. */
  readonly pub?: string;
  readonly campaign?: readonly string[];
  readonly days: number;
}

/** Topics have these levels where a kiosk's name could stand. */
const reserved: ReadonlySet<string> = new Set(["stock", "used", "taken", "state"]);

const stationForm = v.object({
  station: v.object({ id: v.string(), number: v.number(), name: v.object({ zh: v.string(), en: v.string() }) }),
});
type StationPart = v.InferOutput<typeof stationForm>["station"];

/** Makes what a kiosk needs to be heard and to be obeyed, and writes it down. @returns the exit code. */
export async function addKiosk(id: string, options: AddOptions): Promise<number> {
  const kiosk = kioskName(id);
  if (!kioskForm.test(id) || reserved.has(kiosk) || ownNameForm.test(kiosk))
    return refused([
      `${id} cannot be a kiosk's id: expected letters, digits and "-", such as ZP-001, and none of the centre's own names.`,
    ]);
  const places = placesIn(options.data);
  const station = options.station === undefined ? good(undefined) : readStation(options.station, kiosk);
  if (!station.ok) return refused(station.error);
  const pub = options.pub === undefined ? good(undefined) : readPub(options.pub);
  if (!pub.ok) return refused(pub.error);
  const keys = openIssuerKeys(places.keys);
  if (!keys.ok) return refused(keys.error);
  const authority = await openAuthority(places.authority);
  if (!authority.ok) return refused(authority.error);
  return withDesk(options, async ({ desk }) => {
    const bundle = pub.value === undefined ? good(undefined) : await bundleFor(id, pub.value, keys.value, options);
    if (!bundle.ok) return refused(bundle.error);
    const until = await linkIn(join(options.out, "link"), kiosk, authority.value);
    const part = { link: { group: options.group, servers: options.server }, trust: trustOf(keys.value) };
    writeOpenly(join(options.out, "station-part.json"), `${JSON.stringify(part, null, 2)}\n`);
    await desk.register({
      kiosk,
      district: options.group,
      certificateExpires: until,
      at: Date.now(),
      ...(station.value === undefined ? {} : { number: station.value.number, names: station.value.name }),
      ...(pub.value === undefined ? {} : { publicKeys: { sealing: pub.value } }),
    });
    say(`${kiosk} of group ${options.group} is registered; its certificate counts until ${dateOf(until)}.`);
    say(`Copy ${join(options.out, "link")} beside its station.json, and the fields of station-part.json into it.`);
    if (bundle.value === undefined)
      say("When it has started once, run this again with --pub kiosk.pub: then it gets its keys.");
    else {
      const file = join(options.out, "keys", bundle.value.name);
      mkdirSync(join(options.out, "keys"), { recursive: true });
      writeOpenly(file, bundle.value.text);
      say(`Copy ${file} into its keys/, or: npx yizhan centre publish ${id} --keys ${file}`);
    }
    return 0;
  });
}

function readStation(path: string, kiosk: string): Judged<StationPart> {
  const read = readObject(path);
  if (!read.ok) return read;
  const judged = v.safeParse(stationForm, read.value);
  if (!judged.success) return bad(`${path} has no station with id, number and name. Is it a station.json?`);
  const { station } = judged.output;
  return kioskName(station.id) === kiosk
    ? good(station)
    : bad(`${path} is of the kiosk ${station.id}, not of ${kiosk}.`);
}

function readPub(path: string): Judged<string> {
  const text = readPaper(path);
  if (!text.ok) return text;
  const pub = text.value.trim();
  return /^[0-9a-f]{64}$/.test(pub)
    ? good(pub)
    : bad(`${path} holds no public key: expected kiosk.pub of the kiosk's data folder, 64 hex digits.`);
}

/** A certificate that still counts is kept, so that the command may be given again. @returns until when it counts. */
async function linkIn(folder: string, kiosk: string, authority: Authority): Promise<number> {
  const file = (name: string): string => join(folder, name);
  const known = existsSync(file("cert.pem")) ? new X509Certificate(readFileSync(file("cert.pem"))) : undefined;
  const issued = authority.issued().find(({ serial }) => serial === known?.serialNumber.toLowerCase());
  if (issued?.name === kiosk && !issued.revoked && issued.until > Date.now() && existsSync(file("key.pem"))) {
    say(`${file("cert.pem")} still counts and is kept.`);
    return issued.until;
  }
  const made = await authority.client(kiosk);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writePrivately(file("key.pem"), made.key);
  writeOpenly(file("cert.pem"), made.cert);
  writeOpenly(file("ca.pem"), authority.ca);
  return Date.parse(new X509Certificate(made.cert).validTo);
}

/** Keys of plain days, or of what the campaigns need, from today on. */
async function bundleFor(
  id: string,
  pub: string,
  keys: IssuerKeys,
  { campaign: paths = [], days }: AddOptions,
): Promise<Judged<{ readonly name: string; readonly text: string }>> {
  const first: Day = dayOf(Date.now());
  const labels = new Set<string>();
  if (paths.length === 0) for (let day = first; day < first + days; day += 1) labels.add(dayLabel(day));
  for (const path of paths) {
    const text = readPaper(path);
    if (!text.ok) return text;
    const parsed = parseCampaign(text.value);
    if (!parsed.ok) return bad(...parsed.error.map((sentence) => `${path}: ${sentence}`));
    if (parsed.value.station !== id) return bad(`${path} is for the kiosk ${parsed.value.station}, not for ${id}.`);
    for (const { label } of epochsOf(parsed.value, { first, last: first + days - 1 })) labels.add(label);
  }
  if (labels.size === 0) return bad(`None of the campaigns runs in the next ${days} days: look at --days.`);
  const issuedAt = new Date().toISOString();
  const bundle = await issuer({ root: keys.root, release: keys.release, kid: kids.release, station: id }).keys({
    epochs: [...labels],
    kiosk: pub,
    issuedAt,
  });
  return good({ name: `${issuedAt.slice(0, 10)}.json`, text: `${JSON.stringify(bundle, null, 2)}\n` });
}

const dateOf = (utc: number): string => new Date(utc).toISOString().slice(0, 10);

/** Every kiosk that is registered, with its certificates. @returns the exit code. */
export async function listKiosks(options: CentrePlace): Promise<number> {
  const authority = await openAuthority(placesIn(options.data).authority);
  if (!authority.ok) return refused(authority.error);
  return withDesk(options, async ({ desk }) => {
    const issued = authority.value.issued();
    for (const { kiosk, group, name } of await desk.stations()) {
      const own = issued.filter((one) => one.name === kiosk);
      const good = own.filter(({ revoked, until }) => !revoked && until > Date.now());
      const until = good.length === 0 ? undefined : Math.max(...good.map(({ until }) => until));
      const says =
        until !== undefined
          ? `certificate until ${dateOf(until)}`
          : own.some(({ revoked }) => revoked)
            ? "certificate revoked"
            : "no certificate of this centre";
      say([kiosk.padEnd(20), group.padEnd(10), says, name ?? ""].join("  ").trimEnd());
    }
    return 0;
  });
}

/** From when the broker knows, nobody speaks in this kiosk's name until it is added again. @returns the exit code. */
export async function revokeKiosk(id: string, options: { readonly data: string }): Promise<number> {
  const authority = await openAuthority(placesIn(options.data).authority);
  if (!authority.ok) return refused(authority.error);
  const gone = await authority.value.revoke(kioskName(id));
  if (gone.length === 0) return refused([`There is no certificate of ${kioskName(id)} that counts.`]);
  say(
    `${gone.length === 1 ? "A certificate" : `${gone.length} certificates`} of ${kioskName(id)} counts no more, from when the broker knows:`,
  );
  say(`  cp ${authority.value.revokedFile} /etc/mosquitto/yizhan/revoked.pem`);
  say("  systemctl reload mosquitto      # refuses it from its next connection on");
  say("  systemctl restart mosquitto     # ends the connection that it has; all kiosks come back by themselves");
  return 0;
}
