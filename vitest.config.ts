import { defineConfig } from "vitest/config";

/** The long soaks run only with `npm run test:long`. */
const soaks = process.env["YIZHAN_LONG"] === undefined ? [] : ["test/**/*.long.ts"];

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", ...soaks],
    // Scratch copies of the house, such as those with planted bugs, are not the house.
    exclude: ["test/.work/**", "node_modules/**"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
