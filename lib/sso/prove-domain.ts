import "server-only";
import { Resolver } from "node:dns/promises";
import { type CallContext, execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { proveDomain } from "./change-domains";
import { readChallenge } from "./queries";

// Asking DNS for the proof of a domain: outside of any transaction, and only for who may change the connection.

export type ResolveTxt = (name: string) => Promise<string[][]>;

const NOTHING = new Set(["ENOTFOUND", "ENODATA", "NXDOMAIN"]);
const TIMEOUT_MS = 3_000;

const resolveTxt: ResolveTxt = (name) => new Resolver({ timeout: TIMEOUT_MS, tries: 2 }).resolveTxt(name);

/** Proves a domain by its TXT record. Errors: not_found, forbidden, conflict when the record is not there, unavailable when DNS does not answer. */
export async function checkDomainProof(context: CallContext, input: { domainId?: string }, resolve: ResolveTxt = resolveTxt): Promise<{ domain: string }> {
  const { name } = await ask(readChallenge, context, { domainId: input.domainId });
  const records = await resolve(name).catch((cause: NodeJS.ErrnoException) => {
    if (NOTHING.has(String(cause.code))) return [];
    throw new AppError("unavailable", "DNS did not answer.", {
      cause,
      fix: "Check that this server can ask a DNS server that knows the internet; where it can't, confirm the domain by hand.",
    });
  });
  return execute(proveDomain, context, { domainId: input.domainId, records: records.slice(0, 1_000).map((chunks) => chunks.join("").slice(0, 10_000)) });
}
