import { framer as tmFramer } from "../../devices/health/aandd-tm-wire.ts";
import { framer as uaFramer } from "../../devices/health/aandd-ua767-wire.ts";
import type { Bci5Options } from "../../devices/health/bci5-options.ts";
import { fingerOf as bci5Finger, framer as bci5Framer } from "../../devices/health/bci5-wire.ts";
import { framer as bcmFramer, numberOf } from "../../devices/health/bcm-h10-wire.ts";
import { packets, readingOf as careSensReading, recordsOf } from "../../devices/health/caresens-wire.ts";
import { fingerOf as cmsFinger, framer as cmsFramer } from "../../devices/health/cms50v7-wire.ts";
import { answers as contecAnswers, readingsOf as contecReadings } from "../../devices/health/contec08a-wire.ts";
import { tokens } from "../../devices/health/contour-astm.ts";
import { lineOver } from "../../devices/health/contour-line.ts";
import {
  headerOf,
  readingOf as contourReading,
  resultOf as contourResult,
} from "../../devices/health/contour-record.ts";
import { readProbe } from "../../devices/health/ds18b20-wire.ts";
import type { GattOptions } from "../../devices/health/gatt-options.ts";
import { services } from "../../devices/health/gatt-service.ts";
import { framer as gyFramer } from "../../devices/health/gy-mcu90614-wire.ts";
import { framer as maibobo, meaning as maiboboMeaning } from "../../devices/health/maibobo-wire.ts";
import type { MaiboboOptions } from "../../devices/health/maibobo-options.ts";
import { answerIn, dialect as mtSics } from "../../devices/health/mt-sics-wire.ts";
import { fingersOf, framer as noninFramer } from "../../devices/health/nonin-wire.ts";
import type { HbpOptions } from "../../devices/health/omron-hbp-options.ts";
import { framer as hbpFramer, meaningOf as hbpMeaning } from "../../devices/health/omron-hbp-wire.ts";
import { answers as omronAnswers, readingsOf as omronReadings } from "../../devices/health/omron-hid-wire.ts";
import { framer as ultra2Framer } from "../../devices/health/onetouch-ultra2-wire.ts";
import { framer as oneTouchFramer } from "../../devices/health/onetouch-wire.ts";
import { framer as phdFramer } from "../../devices/health/phd-apdu.ts";
import type { ScaleAanddOptions } from "../../devices/health/scale-aandd-options.ts";
import { framerOf as aanddFramer, weighedBy } from "../../devices/health/scale-aandd-wire.ts";
import type { ScaleTextOptions } from "../../devices/health/scale-text-options.ts";
import { recordsTo } from "../../devices/health/scale-text-wire.ts";
import { framer as wlFramer, resultOf as wlResult } from "../../devices/health/sinocare-wl-wire.ts";
import { bodyOf, bloodOf, stripItems } from "../../devices/health/taidoc-record.ts";
import { frames as taiDocFrames } from "../../devices/health/taidoc-wire.ts";
import { framer as terumoFramer } from "../../devices/health/terumo-wire.ts";
import type { ToledoOptions } from "../../devices/health/toledo-options.ts";
import { framerOf as toledoFramer } from "../../devices/health/toledo-wire.ts";
import { bytesOf as uartBytes } from "../../devices/kit/cp2110.ts";
import type { Framer } from "../../devices/kit/framer.ts";
import type { Sink } from "../../devices/kit/port.ts";
import { ok } from "../../devices/kit/result.ts";

/** Takes what comes over a wire and makes of it what the driver makes: frames, and what they tell. */
export type Ear = (bytes: Uint8Array, of: string) => void;

function framed<F, S>(framer: Framer<F, S>, means: (frame: F) => unknown = () => {}): Ear {
  let { start: state } = framer;
  return (bytes) => {
    const pushed = framer.push(state, bytes);
    state = pushed.state;
    for (const frame of pushed.frames) means(frame);
  };
}

/** Behind the reports of a CP2110. */
const behindUart =
  (ear: Ear): Ear =>
  (report) =>
    ear(uartBytes(report), "");

/** Behind the reports of a Contour, as its driver unpacks them. */
function contour(): Ear {
  const sinks: Sink<Uint8Array>[] = [];
  const listen = (sink: Sink<Uint8Array>) => {
    sinks.push(sink);
    return { stop() {} };
  };
  const ear = framed(tokens, (token) => {
    if (token.is !== "frame") return;
    const result = contourResult(token.text);
    if (result) contourReading(result);
    else headerOf(token.text);
  });
  lineOver({ label: "bench", send: async () => ok(undefined), listen }).listen({
    heard: (bytes) => ear(bytes, ""),
    lost() {},
  });
  return (report) => sinks[0]?.heard(report);
}

function gatt({ services: names }: GattOptions): Ear {
  const ears = names.map((name) => services[name].ear());
  return (bytes, of) => {
    for (const ear of ears) ear(of, bytes);
  };
}

const latin = new TextDecoder("latin1");
const careSens = (): Ear =>
  framed(packets, (packet) => {
    for (const record of recordsOf(packet, 1) ?? []) careSensReading(record);
  });

/** By the last part of a driver's path. */
const ears: Readonly<Record<string, (options: unknown) => Ear>> = {
  "aandd-tm": () => framed(tmFramer),
  "aandd-ua767": () => framed(uaFramer),
  bci5: (options) => framed(bci5Framer, (frame) => bci5Finger(frame, (options as Bci5Options).maker)),
  "bcm-h10": () => framed(bcmFramer, numberOf),
  caresens: () => behindUart(careSens()),
  "caresens-serial": careSens,
  cms50v7: () => framed(cmsFramer, (frame) => (frame.is === "live" ? cmsFinger(frame) : frame)),
  contec08a: () =>
    framed(contecAnswers, (answer) => (answer.is === "records" ? answer.records.map(contecReadings) : answer)),
  contour,
  ds18b20: () => (bytes) => void readProbe(latin.decode(bytes)),
  gatt: (options) => gatt(options as GattOptions),
  "gy-mcu90614": () => framed(gyFramer),
  maibobo: (options) => framed(maibobo, (frame) => maiboboMeaning(frame, (options as MaiboboOptions).resultAt)),
  "mt-sics": () => framed(mtSics.framer, (said) => (said.is === "text" ? answerIn(said.text) : said)),
  nonin: () => framed(noninFramer, fingersOf),
  "omron-hbp": (options) => framed(hbpFramer, (said) => hbpMeaning(said, (options as HbpOptions).model)),
  "omron-hid": () => framed(omronAnswers, (answer) => (answer.is === "data" ? omronReadings(answer.data) : answer)),
  onetouch: () => framed(oneTouchFramer),
  "onetouch-ultra2": () => framed(ultra2Framer),
  phd: () => framed(phdFramer),
  "scale-aandd": (options) => framed(aanddFramer(options as ScaleAanddOptions), weighedBy),
  "scale-text": (options) => {
    const { ends, pattern } = options as ScaleTextOptions;
    return framed(recordsTo(ends), pattern.match);
  },
  "sinocare-wl": () => framed(wlFramer, wlResult),
  taidoc: () =>
    behindUart(framed(taiDocFrames, ({ data }) => (data.length > 4 ? bodyOf(data) : bloodOf(data, stripItems)))),
  terumo: () => framed(terumoFramer),
  toledo: (options) => framed(toledoFramer(options as ToledoOptions)),
};

/** @throws where a health driver has none here: every parser is measured. */
export function earOf(protocol: string, options: unknown): Ear {
  const made = ears[protocol];
  if (made === undefined) throw new Error(`test/bench/ears.ts does not know how a ${protocol} is heard`);
  return made(options);
}
