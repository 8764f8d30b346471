import { existsSync, readFileSync, realpathSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openSerial } from "../../devices/port/serial.ts";
import { compose } from "./gadget.ts";
import { inputsOf } from "./ear.ts";
import { attended, device, opened, plain, refusal } from "./kiosk.ts";
import type { PromiseName } from "./promises.ts";
import { hold, same, telling, until } from "./telling.ts";
import { keyboard } from "./uhid.ts";

const promise = telling<PromiseName>();

/** A 125 kHz card and how its reader says it [B18]. */
const card = {
  uid: "62E3086CED",
  said: Uint8Array.of(0x02, ...new TextEncoder().encode("62E3086CED08"), 0x03),
};

/** The folder behind a device, such as "1-1": the socket it is plugged into. */
const socketOf = (tty: string) => realpathSync(`/sys/class/tty/${tty}/device`).split("/").at(-2) ?? "";

/** The promises about readers on real USB sockets. */
export async function serialReaders(): Promise<void> {
  const reader = compose({
    name: "serial",
    vendor: "1a86",
    product: "7523",
    serial: "R1",
    functions: { "acm.one": {} },
  });
  reader.plug(0);
  await promise("a card reader on a USB serial line is unplugged and plugged in again, and reads on", async () => {
    await until(() => existsSync("/dev/ttyACM0"), "the line is there");
    const socket = socketOf("ttyACM0");
    hold(/^\d+-1$/.test(socket), `the socket is ${socket}`);
    const kiosk = attended(await device("rdm6300", { by: "usb", match: socket }));
    await kiosk.is("working");
    const back: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const far = await openSerial({ by: "path", match: "/dev/ttyGS0" }, { baud: 9600 });
      hold(far.ok, "the reader's own end opens");
      const before = kiosk.readings.length;
      await far.value.port.send(card.said);
      await until(() => kiosk.readings.length > before, "the card is read");
      same(kiosk.readings.at(-1)?.reading.is, "card", "reading");
      same(kiosk.readings.map(({ reading }) => plain(reading)).at(-1), card.uid, "card");
      await far.value.close();
      if (round === 2) break;
      reader.unplug();
      await kiosk.is("absent");
      await sleep(1500);
      const plugged = performance.now();
      reader.plug(0);
      back.push((await kiosk.is("working")) - plugged);
    }
    await kiosk.stop();
    return { serialBackMs: Math.round(Math.max(...back)) };
  });
  reader.unplug();

  const setUp = { protocol: "1", subclass: "1", report_length: "8", report_desc: keyboard };
  const typist = compose({
    name: "typist",
    vendor: "08ff",
    product: "0009",
    serial: "K1",
    functions: { "hid.one": setUp, "hid.two": setUp },
  });
  await promise("a plug with two keyboards is silenced whole, and found by its socket", async () => {
    typist.plug(1);
    await until(() => inputsOf("Yizhan typist").length === 2, "both inputs are there");
    await sleep(500);
    const said = await refusal({ by: "hid", match: "08ff:0009" });
    const socket = /USB path (\d+-1)\)/.exec(said)?.[1] ?? "";
    hold(said.startsWith("misconfigured: 2 HID devices fit"), said);
    const wire = await opened({ by: "usb", match: `${socket}:1.1` });
    const silent = inputsOf("Yizhan typist").map((folder) => readFileSync(`${folder}/inhibited`, "utf8").trim());
    same(silent, ["1", "1"], "inhibited");
    hold(wire.port.label.includes(`USB path ${socket}`), wire.port.label);
    typist.unplug();
    await until(() => wire.lost.length > 0, "it is lost");
    same(wire.lost, ["no-device"], "told once");
    await wire.close();
  });
}
