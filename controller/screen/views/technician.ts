import { html, type Html } from "../html.ts";
import type { LinkReport, Report } from "../report.ts";
import { english } from "../text.en.ts";
import type { TechnicianWords } from "../text.ts";
import { chinese } from "../text.zh-CN.ts";

interface Line {
  readonly well: boolean;
  says(words: TechnicianWords): readonly [what: string, how: string];
  /** In the words of a driver or a library, for whoever asks further. */
  readonly detail?: string;
}

const soonEnds = 30;

const linkLines = (link: LinkReport): readonly Line[] => {
  if (link.is === "none") return [{ well: true, says: (words) => [words.link, words.noLink] }];
  const { server = "", since, refused, waiting, certificateDays: days } = link;
  return [
    {
      well: link.is === "online",
      says: (words) => [
        words.link,
        link.is === "online" ? words.online(since) : refused ? words.refused[refused.why] : words.offline(since),
      ],
      detail: refused ? `${server}: ${refused.detail}` : server,
    },
    { well: waiting < 1000, says: (words) => [words.outbox, words.waiting(waiting)] },
    ...(days === undefined
      ? []
      : [{ well: days > soonEnds, says: (words: TechnicianWords) => [words.certificate, words.days(days)] as const }]),
  ];
};

const deviceLine = ({ id, presence, detail, reader, instrument, printer }: Report["devices"][number]): Line => ({
  well: presence === "working" && instrument?.calibration?.is !== "over",
  says: (words) => {
    const how = words.presence[presence];
    if (reader) return [id, words.reader(how, reader)];
    if (instrument) return [id, words.instrument(how, instrument)];
    return [id, printer ? words.printer(how) : how];
  },
  ...(detail === undefined ? {} : { detail }),
});

const linesOf = ({ kiosk, release, clock, ledger, disk, devices, bare, link }: Report): readonly Line[] => [
  { well: true, says: (words) => [words.kiosk, kiosk], detail: release },
  ...devices.map(deviceLine),
  ...bare.map((kind): Line => ({ well: true, says: (words) => [words.members, words.bare[kind]] })),
  ...linkLines(link),
  { well: clock !== "floor-only", says: (words) => [words.clock, words.clocks[clock]] },
  {
    well: disk === "well",
    says: (words) => [words.disk, disk === "well" ? words.diskWell : words.diskRefuses],
    detail: `${ledger.life}/${ledger.seq}`,
  },
];

const lineView = ({ well, says, detail }: Line): Html => {
  const [what, how] = says(chinese.technician);
  const [, inEnglish] = says(english.technician);
  return html`<tr class="${well ? "well" : "ill"}">
    <td>${well ? "✓" : "✗"}</td>
    <th>${what}</th>
    <td>
      ${how}${inEnglish !== how && html`<br /><small lang="en">${inEnglish}</small>`}${detail && html`<br /><code>${detail}</code>`}
    </td>
  </tr>`;
};

/** Seconds until the page asks again, and how often it does before it goes back to the worker's screen. */
const again = 5;
const times = 24;

/** The technician's page: read only, so that it needs no key. `left`: how often it still renews itself. */
export function technicianPage(report: Report, left = times): string {
  const next = left > 0 ? `/technician?left=${left - 1}` : "/";
  return html`<!doctype html>
    <html lang="zh-CN">
      <meta charset="utf-8" />
      <meta http-equiv="refresh" content="${again};url=${next}" />
      <title>${report.kiosk}</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="/technician.css" />
      <main>
        <table>
          ${linesOf(report).map(lineView)}
        </table>
        <a href="/">${chinese.key.leave} / ${english.key.leave}</a>
      </main>
    </html> `.text;
}

/** How often the page that asked was still to renew itself. */
export function leftOf(url: string): number {
  const asked = Number(/[?&]left=(\d{1,3})$/.exec(url)?.[1] ?? times);
  return Math.min(asked, times);
}
