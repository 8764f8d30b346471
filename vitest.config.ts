import { BaseSequencer, type TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

/** The long soaks run only with `npm run test:long`. */
const soaks = process.env["YIZHAN_LONG"] === undefined ? [] : ["test/**/*.long.ts"];

/** Real processes, guests and fleets wait for true time. Begun first, they do not keep everybody waiting at the end. */
const waiting = /\/test\/(?:chaos|guest|systemd|real|fleet|acceptance|mutations|smartcard|members)\//;

class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const first = sorted.filter(({ moduleId }) => waiting.test(moduleId));
    return [...first, ...sorted.filter((file) => !first.includes(file))];
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", ...soaks],
    // Scratch copies of the house, such as those with planted bugs, are not the house.
    exclude: ["test/.work/**", "node_modules/**"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    sequence: { sequencer: WaitingFirst },
  },
});
