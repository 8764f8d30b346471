import { expect, test } from "vitest";
import bci5Peer from "../../../devices/health/bci5.peer.ts";
import bci5 from "../../../devices/health/bci5.ts";
import cms50Peer from "../../../devices/health/cms50v7.peer.ts";
import cms50 from "../../../devices/health/cms50v7.ts";
import noninPeer from "../../../devices/health/nonin.peer.ts";
import nonin from "../../../devices/health/nonin.ts";
import type { Progress } from "../../../devices/health/capability.ts";
import { seconds } from "../../../devices/kit/clock.ts";
import { layMeter, outcomeOf } from "./meter-wire.ts";

const laid = [
  ["a CMS50", () => layMeter(cms50, cms50Peer)],
  ["an old CMS50", () => layMeter(bci5, bci5Peer, { maker: "contec" })],
  ["a Nonin", () => layMeter(nonin, noninPeer)],
] as const;

test.each(laid)(
  "%s that falls silent under a finger is waited for anew: no pulse stands still on the screen",
  async (_, lay) => {
    const { clock, peer, begin, close } = await lay();
    const { under, progress, stop } = begin();
    const kinds = () => progress.map(({ is }: Progress) => is);
    await clock.pass(seconds(2));
    peer.turn("measure", "spo2=97,pulse=78");
    await clock.pass(seconds(5));
    expect(kinds().at(-1)).toBe("wave");
    peer.turn("silent", true);
    await clock.pass(seconds(2));
    expect(kinds().at(-1)).toBe("waiting");
    expect(outcomeOf(under.outcome)).toBe("pending");
    const { length } = progress;
    await clock.pass(seconds(30));
    expect(progress).toHaveLength(length);
    // Switched on again it measures whoever is in it.
    peer.turn("silent", false);
    peer.turn("measure", "spo2=95,pulse=64");
    await clock.pass(seconds(20));
    expect(outcomeOf(under.outcome)).toMatchObject({ spo2: 95, pulse: 64 });
    stop();
    await close();
  },
);
