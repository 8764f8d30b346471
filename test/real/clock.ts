/**
 * Words before a command for which this machine's clock is one that the network has set: it has a /run of its own, where
 * systemd-timesyncd was a moment ago. Everybody else's /run stays as it is.
 */
export const clockSet: readonly string[] = [
  "unshare",
  "--mount",
  "--propagation",
  "private",
  "sh",
  "-c",
  'mount -t tmpfs clock /run && mkdir -p /run/systemd/timesync && touch /run/systemd/timesync/synchronized && exec "$@"',
  "sh",
];
