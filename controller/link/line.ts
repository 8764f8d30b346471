import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { Clock } from "../../devices/kit/clock.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { delays } from "../delays.ts";
import { refusedLine, type Trouble } from "./refusal.ts";
import type { Credentials } from "./tls.ts";
import type { Refused } from "./uplink.ts";

/** An open way to a broker: TCP, or TLS over it with both certificates proven. */
export interface Line {
  readonly socket: Socket;
  /** "broker.example:8883", for sentences. */
  readonly host: string;
}

/** The last TLS session with each server: shown again it saves most of a handshake, 1.4 KB up and 2.7 KB down. */
export type Tickets = Map<string, { readonly session: Buffer; readonly fingerprint: string }>;

interface Way {
  readonly clock: Clock;
  readonly credentials: () => Result<Credentials, string>;
  readonly tickets: Tickets;
  readonly abandoned?: AbortSignal;
}

/** Opens a line. It is closed by destroying its socket, on which nobody listens any more. */
export async function openLine(server: string, way: Way): Promise<Result<Line, Refused>> {
  const address = readAddress(server);
  if (address === undefined)
    return err({
      why: "refused",
      detail:
        "A broker's address must be like mqtts://broker.example:8883, without a name or a password. Mend the station file.",
    });
  const { secure, hostname, port } = address;
  const host = `${hostname}:${port}`;
  if (!secure) {
    const socket = connectTcp({ host: hostname, port });
    return opened(socket, "connect", host, way);
  }

  const own = way.credentials();
  if (!own.ok) return err({ why: "certificate", detail: own.error });
  const { ca, cert, key, fingerprint } = own.value;
  const ticket = way.tickets.get(server);
  // A ticket speaks for the certificate it was given for; each is shown once, since another follows [RFC 8446 C.4].
  way.tickets.delete(server);
  const session = ticket?.fingerprint === fingerprint ? { session: ticket.session } : {};
  const name = isIP(hostname) === 0 ? { servername: hostname } : {};
  const secured = readied(() =>
    connectTls({ host: hostname, port, ca, cert, key, minVersion: "TLSv1.3", ...name, ...session }),
  );
  if (!secured.ok)
    return err({ why: "certificate", detail: `The files of the folder link/ cannot be used: ${secured.error}.` });
  secured.value.on("session", (session: Buffer) => way.tickets.set(server, { session, fingerprint }));
  return opened(secured.value, "secureConnect", host, way);
}

function readAddress(server: string) {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || url.hostname === "" || url.username !== "" || url.password !== "") return undefined;
  const secure = url.protocol === "mqtts:";
  if (!secure && url.protocol !== "mqtt:") return undefined;
  // Ports of MQTT as registered with IANA.
  const port = url.port === "" ? (secure ? 8883 : 1883) : Number(url.port);
  return { secure, hostname: url.hostname.replace(/^\[|\]$/g, ""), port };
}

/** tls.connect throws where OpenSSL does not take a key or a certificate. */
function readied(connect: () => TLSSocket): Result<TLSSocket, string> {
  try {
    return ok(connect());
  } catch (thrown) {
    return err(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

const opened = (socket: Socket, event: string, host: string, way: Way): Promise<Result<Line, Refused>> =>
  new Promise((resolve) => {
    const { clock, abandoned } = way;
    socket.setNoDelay(true);
    const settle = (result: Result<Line, Refused>) => {
      timer.cancel();
      abandoned?.removeEventListener("abort", abandon);
      socket.off("error", failed).off("close", closed).off(event, done);
      if (!result.ok) socket.on("error", ignored).destroy();
      resolve(result);
    };
    const fail = (trouble: Trouble) => settle(err(refusedLine(trouble, host, clock.wall().trusted)));
    const failed = (error: NodeJS.ErrnoException) => fail(error);
    const closed = () => fail({ code: "ECONNRESET", message: "closed" });
    const abandon = () => settle(err({ why: "unreachable", detail: "The call was given up." }));
    const done = () => settle(ok({ socket, host }));
    const timer = clock.after(delays.lineOpens, "line to the broker", () => fail({ code: "ETIMEDOUT", message: "" }));
    socket.once("error", failed).once("close", closed).once(event, done);
    abandoned?.addEventListener("abort", abandon);
    if (abandoned?.aborted) abandon();
  });

/** What a socket says after it was given up is of no interest, and must not end the process. */
const ignored = (): void => {};
