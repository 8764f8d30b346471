import type { ServerResponse } from "node:http";

/** A page that watches, over server-sent events. */
export interface Watcher {
  say(event: string, data: string): void;
  /** Sends the present screen now, or as soon as the page has taken what it was sent before. */
  refresh(): void;
  end(): void;
}

/** A page that is frozen gets one screen when it thaws, the newest; nothing piles up for it meanwhile. */
export function watcher(response: ServerResponse, screen: () => string): Watcher {
  let owed = false;
  const say = (event: string, data: string): void => {
    if (!response.writableNeedDrain) response.write(`event: ${event}\ndata: ${data}\n\n`);
  };
  const refresh = (): void => {
    owed = response.writableNeedDrain;
    if (!owed) say("screen", screen());
  };
  response.on("drain", () => {
    if (owed) refresh();
  });
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  // How long a page waits before it asks again after the kiosk was gone.
  response.write("retry: 500\n\n");
  return { say, refresh, end: () => void response.end() };
}
