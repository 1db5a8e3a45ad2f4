import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Where clouds hand out the credentials of a machine: no setting opens these. */
const METADATA = [
  "169.254.169.254",
  "169.254.170.2",
  "169.254.170.23",
  "192.0.0.192",
  "100.100.100.200",
  "168.63.129.16",
  "fd00:ec2::254",
  "fd00:ec2::23",
  "fd20:ce::254",
];
const METADATA_ADDRESSES = new Set(METADATA.map((text) => ipaddr.parse(text).toNormalizedString()));

/** Ranges that no setting opens: metadata services live in link-local ones, and 0.0.0.0 is another spelling of this machine. */
const NEVER = new Set(["linkLocal", "unspecified"]);

export type AddressVerdict = "allowed" | "metadata" | "never" | "private";

/** May Reeve connect to this IP address? `networks` (CIDRs) opens ranges that are not public; everything unknown is refused. */
export function judgeAddress(text: string, networks: readonly string[] = []): AddressVerdict {
  if (!ipaddr.isValid(text)) return "never";
  const address = unwrap(ipaddr.parse(text));
  if (METADATA_ADDRESSES.has(address.toNormalizedString())) return "metadata";
  const range = address.range();
  if (NEVER.has(range) || isIn(address, "0.0.0.0/8")) return "never";
  // Of IPv6 only 2000::/3 is given out: local NAT64, site-local and all that is yet to be named lie outside.
  if (range === "unicast" && (address.kind() === "ipv4" || isIn(address, "2000::/3"))) return "allowed";
  return networks.some((network) => isIn(address, network)) ? "allowed" : "private";
}

/** The IPv4 address that an IPv6 address stands for (mapped, compatible, NAT64, 6to4), or the address itself. */
function unwrap(address: Address): Address {
  if (address instanceof ipaddr.IPv4) return address;
  const bytes = address.toByteArray();
  const inner = (start: number) => new ipaddr.IPv4(bytes.slice(start, start + 4));
  if (address.isIPv4MappedAddress() || isIn(address, "64:ff9b::/96")) return inner(12);
  if (isIn(address, "2002::/16")) return inner(2);
  const isLoopbackOrUnspecified = ["loopback", "unspecified"].includes(address.range());
  return isIn(address, "::/96") && !isLoopbackOrUnspecified ? inner(12) : address;
}

function isIn(address: Address, network: string): boolean {
  const [net, bits] = ipaddr.parseCIDR(network);
  return net.kind() === address.kind() && address.match(net, bits);
}
