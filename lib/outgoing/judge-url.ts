import { isIP } from "node:net";
import { judgeAddress } from "./judge-address";

/** An outgoing call that was not made or cut short. The message is a class and at most a status, never what the other side said. */
export class OutgoingError extends Error {
  override name = "OutgoingError";
  constructor(readonly reason: "url" | "scheme" | "port" | "address" | "redirect" | "size" | "time" | "connection" | "tls") {
    super(`The outgoing call was refused or failed: ${reason}.`);
  }
}

export interface UrlRules {
  /** Plain http is accepted too; "private": to addresses that are not public alone. */
  allowHttp?: boolean | "private";
  /** Ports that are accepted besides the usual ones. */
  ports?: readonly number[];
  /** CIDRs of ranges that are not public and yet may be called. */
  networks?: readonly string[];
}

const METADATA_NAMES = new Set([
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "instance-data",
  "instance-data.ec2.internal",
  "metadata.azure.internal",
  "metadata.tencentyun.com",
]);

/** Databases, caches, queues and remote control: they would take an HTTP request for commands, or answer without asking who calls. */
const DANGEROUS_PORTS = new Set([
  1433, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 4369, 5432, 5433, 5672, 5900, 5984, 6000, 6379, 6380, 6665, 6666, 6667, 6668, 6669, 7000, 7001,
  8500, 9042, 9092, 9200, 9300, 10250, 10255, 11211, 27017, 27018,
]);

/** The URL, normalised, when it may be called as far as its text tells; throws OutgoingError. Names are judged again when they are resolved. */
export function judgeUrl(text: string, rules: UrlRules = {}): URL {
  // What parsers read differently is refused before one of them reads it.
  if (hasTricks(text) || !URL.canParse(text)) throw new OutgoingError("url");
  const url = new URL(text);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && rules.allowHttp)) throw new OutgoingError("scheme");
  if (url.username || url.password || /^[^/]*\/\/[^/?]*@/.test(text)) throw new OutgoingError("url");
  if (url.hostname.endsWith(".")) url.hostname = url.hostname.slice(0, -1);
  if (!url.hostname || url.hostname.endsWith(".")) throw new OutgoingError("url");
  if (!isPortAllowed(Number(url.port || (url.protocol === "https:" ? 443 : 80)), rules.ports)) throw new OutgoingError("port");
  if (!isHostAllowed(hostOf(url), rules.networks)) throw new OutgoingError("address");
  const isPublicAddress = isIP(hostOf(url)) !== 0 && judgeAddress(hostOf(url)) === "allowed";
  if (url.protocol === "http:" && rules.allowHttp === "private" && isPublicAddress) throw new OutgoingError("scheme");
  return url;
}

/** The host without an IPv6 address's brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

function hasTricks(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return /[\u0000-\u0020\u007f\\#]|%0[ad]/i.test(text);
}

function isPortAllowed(port: number, named: readonly number[] = []): boolean {
  return named.includes(port) || port === 80 || port === 443 || (port >= 1024 && !DANGEROUS_PORTS.has(port));
}

function isHostAllowed(host: string, networks?: readonly string[]): boolean {
  if (METADATA_NAMES.has(host)) return false;
  const isLocal = host === "localhost" || host.endsWith(".localhost");
  if (isLocal) return ["127.0.0.1", "::1"].some((address) => judgeAddress(address, networks) === "allowed");
  return isIP(host) === 0 || judgeAddress(host, networks) === "allowed";
}
