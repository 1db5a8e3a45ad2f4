import net from "node:net";
import { guardedLookup, type Resolve } from "./guarded-lookup";
import { hostOf, judgeUrl } from "./judge-url";

type Rules = {
  networks: readonly string[];
  /** Ports that are accepted besides the usual ones. */
  ports?: readonly number[];
  /** What is said in the clear goes to addresses that are not public alone. */
  isPlain?: boolean;
  resolve?: Resolve;
};

/**
 * A socket for a client that speaks something else than HTTP. Whatever the client asks it to connect to, it connects to this host and port, at an address that was
 * judged in the lookup that the socket itself uses. Throws OutgoingError for what the text of the address tells already.
 */
export function guardedSocket(host: string, port: number, { networks, ports, isPlain = false, resolve }: Rules): net.Socket {
  const authority = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
  const url = judgeUrl(`${isPlain ? "http" : "https"}://${authority}/`, { networks, ports, allowHttp: "private" });
  const socket = new net.Socket();
  const connect = socket.connect.bind(socket);
  const judged = { host: hostOf(url), port, lookup: guardedLookup(networks, resolve, isPlain) };
  socket.connect = (() => connect(judged)) as typeof socket.connect;
  return socket;
}
