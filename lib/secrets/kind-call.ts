import "server-only";
import { guardedFetch } from "@/lib/outgoing/guarded-fetch";
import { guardedSocket } from "@/lib/outgoing/guarded-socket";
import { OutgoingError } from "@/lib/outgoing/judge-url";
import { type KindCall, NotWorked } from "@/lib/providers/secret-kinds/contract";

// How the test of a kind calls outside: through the guard, with the networks that the workspace opens and the ports that the kind's service has.

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 4 * 1024 * 1024;

type Place = { networks: readonly string[]; ports: readonly number[] };

export const kindCall = ({ networks, ports }: Place): KindCall => ({
  read: (url, request = {}) =>
    guardedFetch(url, { ...request, networks, ports, allowHttp: "private", timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES }).catch((error) => {
      throw notWorked(error);
    }),
  socket: (host, port, { isPlain }) => {
    try {
      return guardedSocket(host, port, { networks, ports, isPlain });
    } catch (error) {
      throw notWorked(error);
    }
  },
  now: () => new Date(),
});

const SAID: Record<OutgoingError["reason"], string> = {
  url: "the address can’t be read as one without tricks in it.",
  scheme: "the address is public, and keys go to public addresses encrypted only.",
  port: "the address names a port that Reeve doesn’t call.",
  address: "the address lies in a network that this workspace doesn’t open. A System Admin can add it to the workspace’s allowed networks.",
  redirect: "the other side sends the call on to where Reeve doesn’t follow.",
  size: "the answer is larger than Reeve reads.",
  time: "the other side didn’t answer in time.",
  connection: "nothing answers at this address.",
  tls: "the other side’s certificate isn’t trusted. Give its authority’s certificate where the form asks for it.",
};

/** What the guard said, in words of this page. Other errors pass as they are. */
export function notWorked(error: unknown): unknown {
  return error instanceof OutgoingError ? new NotWorked("unreachable", SAID[error.reason]) : error;
}
