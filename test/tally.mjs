/**
 * Counts a report of vitest. A test that did not run is a failed one, and so is a file without a test.
 * @param {{ testResults: readonly { name: string, status: string, message?: string,
 *   assertionResults: readonly { fullName: string, status: string }[] }[] }} report
 * @param {boolean} ended whether vitest itself ended well
 * @returns {{ passed: number, failed: readonly string[] }}
 */
export function tally({ testResults }, ended) {
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({ name: `${name}: ${fullName}`, status })),
  );
  const failed = [
    ...tests
      .filter(({ status }) => status !== "passed")
      .map(({ name, status }) => (status === "failed" ? name : `${name} (did not run: ${status})`)),
    ...testResults
      .filter(
        ({ status, assertionResults }) =>
          assertionResults.length === 0 ||
          (status !== "passed" && assertionResults.every((test) => test.status === "passed")),
      )
      .map(({ name, message }) => `${name}${message ? `: ${message}` : ": no test in it"}`),
  ];
  if (testResults.length === 0) failed.push("no test was found");
  if (!ended && failed.length === 0)
    failed.push("vitest ended badly although every test passed; its words stand above");
  return { passed: tests.filter(({ status }) => status === "passed").length, failed };
}
