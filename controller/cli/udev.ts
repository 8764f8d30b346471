import type { LoadedDevice } from "../../config/profile.ts";

const input = 'ACTION=="add", SUBSYSTEM=="input", KERNEL=="input[0-9]*", TEST=="inhibited"';

/**
 * Rules for udev that silence the station's own readers in the moment they are plugged in. The kiosk silences what it
 * opens; this is for the half second before. Other keyboards, such as the number pad, keep typing.
 */
export function readerRules(devices: readonly LoadedDevice[]): string {
  const lines = devices
    .filter(({ driver }) => driver.port === "reports")
    .flatMap(({ id, wiring: { by, match } }) => {
      const conditions = by === "usb" ? [`KERNELS=="${match}"`] : by === "hid" ? match.split(",").flatMap(numbers) : [];
      if (conditions.length === 0)
        return [`# ${id} is not named by numbers or socket: it is silenced when it is opened.`];
      return [`# ${id}`, ...conditions.map((condition) => `${input}, ${condition}, ATTR{inhibited}="1"`)];
    });
  return ["# Made by yizhan check --udev from the station file.", ...lines, ""].join("\n");
}

/** "08ff:0009:SN1" as udev asks for it. */
function numbers(match: string): readonly string[] {
  const [, vendor, product, serial] = /^([0-9a-f]{4}):([0-9a-f]{4})(?::([^"]+))?$/.exec(match) ?? [];
  if (vendor === undefined || product === undefined) return [];
  const unique = serial === undefined ? "" : `, ATTR{uniq}=="${serial}"`;
  return [`ATTR{id/vendor}=="${vendor}", ATTR{id/product}=="${product}"${unique}`];
}
