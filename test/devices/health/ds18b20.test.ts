import { expect, test } from "vitest";
import { readProbe } from "../../../devices/health/ds18b20-wire.ts";

/** ds18-ok, computed from the kernel's layout. */
const good = "4a 02 4b 46 7f ff 0c 10 57 : crc=57 YES\n4a 02 4b 46 7f ff 0c 10 57 t=36625\n";

test("the text of the layout is 36.625 degrees", () => {
  expect(readProbe(good)).toEqual({ is: "temperature", degrees: 36.625 });
  expect(readProbe(good.replace("t=36625", "t=-1250"))).toEqual({ is: "temperature", degrees: -1.25 });
});

test("85 degrees is what the chip has before it measured, and no temperature", () => {
  expect(readProbe(good.replace("t=36625", "t=85000"))).toEqual({ is: "not-yet" });
});

test("a failed check, half a text, or what the chip cannot tell is read again", () => {
  expect(readProbe(good.replace("YES", "NO"))).toEqual({ is: "unread" });
  for (let length = 0; length < good.length; length++)
    expect(readProbe(good.slice(0, length)), `the first ${length}`).toEqual({ is: "unread" });
  expect(readProbe(good.replace("36625", "126000"))).toEqual({ is: "unread" });
  expect(readProbe(good.replace("36625", "-56000"))).toEqual({ is: "unread" });
});
