import { describe, expect, it } from "vitest";
import { startOf } from "../../../protocol/pickup-code/calendar.ts";
import type { Card } from "./members.ts";
import { day, hour, offer, today } from "./on-paper.ts";
import { kiosk, next, takes } from "./shares.ts";

describe("chosen dates", () => {
  const dates = (...ahead: readonly number[]): Card => ({ offer: offer({ dates: ahead.map((n) => today + n) }) });

  it("give on their days only, and name the next", () => {
    expect(takes(kiosk(dates(0, 3))).shows).toBe("done");
    expect(takes(kiosk(dates(-1, 3, 5))).refusal).toMatchObject({ id: "E7a", from: startOf(today + 3) });
    expect(takes(kiosk(dates(-3, -1))).refusal).toMatchObject({ id: "E20" });
  });

  it("name the next date also where the day's share is used up", () => {
    const again = startOf(today + 4);
    expect(takes(next(takes(kiosk(dates(0, 4))))).refusal).toEqual({ id: "E13", per: "day", had: 1, again });
  });

  it("name the hour at which it opens", () => {
    const { offer: dated } = dates(0, 4);
    const paper = kiosk({ offer: { ...(dated ?? offer()), opens: 6 * 60, closes: 22 * 60 } });
    expect(takes(next(takes(paper))).refusal).toMatchObject({ again: startOf(today + 4) + 6 * hour });
  });

  it("are held against nobody while nobody knows the day", () => {
    expect(takes(kiosk(dates(-1, 3), { trusted: false })).shows).toBe("done");
  });

  it("get a day either side from a clock that counts on by itself", () => {
    const paper = kiosk(dates(1));
    paper.trusted = false;
    expect(takes(paper).shows).toBe("done");
    const far = kiosk(dates(2));
    far.trusted = false;
    expect(takes(far).shows).toBe("E7a");
  });
});

describe("what the clock has to do with a share", () => {
  it("a wild clock ahead of the true one brings no new day", () => {
    const paper = next(takes(kiosk({}, { trusted: false })));
    paper.utc += 3 * day;
    expect(takes(paper).refusal).toEqual({ id: "E13", per: "day", had: 1 });
    // Not even over a restart.
    expect(takes(next(paper).reboot()).shows).toBe("E13");
  });

  it("a clock that was set once counts on by itself, whatever the wild one says", () => {
    const paper = next(takes(kiosk()));
    paper.trusted = false;
    paper.utc += 3 * day;
    expect(takes(paper).shows).toBe("E13");
    paper.pass(12 * hour);
    expect(takes(paper).shows).toBe("done");
  });

  it("without any clock a day that the kiosk counted itself is a new day", () => {
    const paper = next(takes(kiosk({}, { trusted: false })));
    paper.pass(11 * hour);
    expect(takes(paper).shows).toBe("E13");
    paper.pass(hour);
    expect(takes(paper).shows).toBe("done");
  });

  it("… also where power cuts lie in between: what was counted is kept", () => {
    let paper = next(takes(kiosk({}, { trusted: false })));
    for (let cut = 0; cut < 3; cut++) {
      paper.pass(4 * hour);
      paper = paper.reboot();
    }
    expect(takes(paper).shows).toBe("E13");
    paper.pass(hour);
    expect(takes(paper).shows).toBe("done");
  });

  it("turned back it takes no share back and refuses nobody for years", () => {
    const paper = next(takes(kiosk({}, { trusted: false })));
    paper.utc -= 400 * day;
    expect(takes(paper).shows).toBe("E13");
    paper.pass(12 * hour);
    expect(takes(paper).shows).toBe("done");
  });

  it("set right again it counts the true days", () => {
    const paper = next(takes(kiosk()));
    paper.utc += day;
    expect(takes(paper).shows).toBe("done");
  });

  it("set back to the true day, that day's share is counted as ever", () => {
    const paper = next(takes(kiosk()));
    paper.utc += 30 * day;
    next(takes(paper));
    paper.utc -= 30 * day;
    expect(takes(paper).shows).toBe("E13");
    paper.utc -= day;
    expect(takes(next(paper)).shows).toBe("done");
    expect(takes(next(paper)).shows).toBe("E13");
  });
});
