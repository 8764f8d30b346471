import { defineConfig } from "vitest/config";

/** The long soaks run only with `npm run test:long`. */
const kinds = process.env["YIZHAN_LONG"] === undefined ? "test" : "{test,long}";

/** Real processes, guests and fleets wait for true time and leave the processors idle meanwhile: four at a time. */
const waiting = "test/{acceptance,chaos,fleet,guest,members,real,smartcard,systemd}/**";

/** Scratch copies of the house, such as those with planted bugs, are not the house. */
const scratch = ["test/.work/**", "node_modules/**"];

export default defineConfig({
  test: {
    pool: "forks",
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "waiting",
          include: [`${waiting}/*.${kinds}.ts`],
          exclude: scratch,
          maxWorkers: 4,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "working",
          include: [`test/**/*.${kinds}.ts`],
          exclude: [...scratch, waiting],
          maxWorkers: 2,
          // A process takes one file after the other: what they load is loaded twice in all, not three hundred times.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
