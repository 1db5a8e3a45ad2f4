import "server-only";
import { readFile } from "node:fs/promises";
import { environment, hostVariable } from "@/lib/kernel/env";
import { guardedFetch } from "@/lib/outgoing/guarded-fetch";
import { OutgoingError } from "@/lib/outgoing/judge-url";
import { type Call, type HostIdentity, ProviderError } from "@/lib/providers/connectors/contract";

// How providers call outside: through the guard, with the private networks that the workspace may reach.

const TIMEOUT_MS = 20_000;
/** A listing of a thousand resources is some hundred kilobytes. */
const MAX_BYTES = 4 * 1024 * 1024;

const HOST: HostIdentity = {
  variable: hostVariable,
  file: (path) => readFile(path, "utf8").catch(() => undefined),
};

/** Plain http is for private networks that somebody opened: what is public has TLS. */
export function callOf(networks: readonly string[]): Call {
  return {
    host: environment().implicitConnectors ? HOST : null,
    now: () => new Date(),
    send: async (url, request = {}) => {
      try {
        return await guardedFetch(url, { ...request, networks, allowHttp: networks.length > 0, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
      } catch (error) {
        if (error instanceof OutgoingError) throw inOurWords(error, url);
        throw error;
      }
    },
  };
}

const WORDS: Record<OutgoingError["reason"], string> = {
  url: "its address is none that can be called",
  scheme: "it would be called without TLS",
  port: "its port is one that Reeve does not call",
  address: "it lies in a network that this workspace may not reach",
  redirect: "it sends the call elsewhere",
  size: "its answer is too long",
  time: "it does not answer in time",
  connection: "nothing answers there",
  tls: "its certificate is not trusted",
};

const REFUSED = new Set<OutgoingError["reason"]>(["url", "scheme", "port", "address", "redirect"]);

function inOurWords({ reason }: OutgoingError, url: string): ProviderError {
  const host = URL.canParse(url) ? new URL(url).host : "the address";
  return new ProviderError(REFUSED.has(reason) ? "refused-address" : "unreachable", `${host} can’t be reached: ${WORDS[reason]}.`);
}
