/** An answer, to standard output. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Complaints, to standard error. @returns the exit code of a refusal. */
export function refused(complaints: readonly string[]): 1 {
  for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
  return 1;
}
