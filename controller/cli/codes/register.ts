const pidField = /^[0-9a-f]{16}$/;

/** The people on a register that `codes members` made: their pids, each once, in its order. What else stands in it is passed over. */
export function pidsIn(register: string): readonly string[] {
  const pids = register.split("\n").flatMap((line) => {
    const pid = pidOf(line);
    return pid === undefined ? [] : [pid];
  });
  return [...new Set(pids)];
}

function pidOf(line: string): string | undefined {
  try {
    const row: unknown = JSON.parse(line);
    const pid = typeof row === "object" && row !== null && "pid" in row ? row.pid : undefined;
    return typeof pid === "string" && pidField.test(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}
