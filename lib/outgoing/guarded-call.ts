import { type Call, type HostIdentity, ProviderError } from "../providers/connectors/contract";
import { type GuardedOptions, guardedFetch } from "./guarded-fetch";
import { guardedSocket } from "./guarded-socket";
import { OutgoingError } from "./judge-url";

const SSH_PORT = 22;
const TIMEOUT_MS = 10_000;
/** Lists of buckets and clusters are long; ten thousand names of 63 letters in JSON fit. */
const MAX_BYTES = 4 * 1024 * 1024;

type Options = Pick<GuardedOptions, "resolve" | "timeoutMs"> & { host?: HostIdentity | null };

/** What a provider may call: `networks` are the ranges that the connector's workspace opens. Plain http goes to those alone, never to a public address. */
export function guardedCall(networks: readonly string[], { host = null, ...options }: Options = {}): Call {
  return {
    host,
    now: () => new Date(),
    send: (url, request = {}) =>
      guardedFetch(url, { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES, ...options, ...request, networks, allowHttp: "private" }).catch((error) => {
        throw inProvidersWords(error);
      }),
    greeting: (host, port) =>
      greeting(host, port, networks, options).catch((error) => {
        throw inProvidersWords(error);
      }),
  };
}

/** The first line that a server says by itself, as servers of SSH do (RFC 4253 §4.2); at most 255 bytes of it. */
async function greeting(host: string, port: number, networks: readonly string[], options: Omit<Options, "host">): Promise<string> {
  const socket = guardedSocket(host, port, { networks, ports: [SSH_PORT], resolve: options.resolve });
  socket.connect(port);
  try {
    return await new Promise<string>((resolve, reject) => {
      let said = "";
      socket.setTimeout(options.timeoutMs ?? TIMEOUT_MS, () => reject(new OutgoingError("time")));
      socket.on("data", (chunk) => {
        said += chunk.toString("latin1");
        if (said.includes("\n") || said.length >= 255) resolve((said.split(/\r?\n/)[0] as string).slice(0, 255));
      });
      socket.on("end", () => reject(new OutgoingError("connection")));
      socket.on("error", (error) => reject(error instanceof OutgoingError ? error : new OutgoingError("connection")));
    });
  } finally {
    socket.destroy();
  }
}

const SAID: Record<OutgoingError["reason"], [ProviderError["reason"], string]> = {
  url: ["misconfigured", "An address of the connector can't be read as a URL without tricks in it."],
  scheme: ["refused-address", "The address has to be https; plain http is for addresses that are not public."],
  port: ["refused-address", "The address names a port that Reeve doesn't call."],
  address: [
    "refused-address",
    "The address lies in a network that this workspace doesn't open. An administrator can add it to the workspace's allowed networks.",
  ],
  redirect: ["refused-address", "The other side sends the call on to where Reeve doesn't follow."],
  size: ["unreadable-answer", "The other side's answer is larger than Reeve reads."],
  time: ["unreachable", "The other side didn't answer in time."],
  connection: ["unreachable", "The other side can't be reached."],
  tls: [
    "unreachable",
    "The other side's certificate isn't trusted, or it refuses the client's. Give its authority's certificate, or check the client certificate and its key.",
  ],
};

function inProvidersWords(error: unknown): ProviderError {
  const [reason, message] = SAID[error instanceof OutgoingError ? error.reason : "connection"];
  return new ProviderError(reason, message);
}
