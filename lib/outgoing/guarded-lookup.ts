import dns from "node:dns";
import type { LookupFunction } from "node:net";
import { judgeAddress } from "./judge-address";
import { OutgoingError } from "./judge-url";

export type Resolve = (host: string) => Promise<{ address: string; family: number }[]>;

const resolveAll: Resolve = (host) => dns.promises.lookup(host, { all: true, verbatim: true });

/**
 * A lookup for sockets: the addresses that were judged are the ones that are connected to, so a name can't change its answer in between.
 * One refused record refuses the name, and one public record does where only private ones are wanted.
 */
export function guardedLookup(networks: readonly string[], resolve: Resolve = resolveAll, isPrivateOnly = false): LookupFunction {
  const isRefused = (address: string) => judgeAddress(address, networks) !== "allowed" || (isPrivateOnly && judgeAddress(address) === "allowed");
  return (host, options, callback) => {
    resolve(host).then(
      (records) => {
        const [first] = records;
        if (!first || records.some((record) => isRefused(record.address))) callback(new OutgoingError("address"), "");
        else if (options.all) callback(null, records);
        else callback(null, first.address, first.family);
      },
      () => callback(new OutgoingError("connection"), ""),
    );
  };
}
