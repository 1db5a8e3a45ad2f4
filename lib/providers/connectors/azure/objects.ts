import { type Answer, type Call, CHANGED, type Connection, type ObjectReader, ProviderError } from "../contract";
import { accepted, between, textOf } from "../reading";

// Blobs of a container, read by their names with a signature for it (Blob service REST API, 2023-11-03).

const VERSION = "2023-11-03";
const WHO = "Azure Storage";
const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const decoded = (text: string): string =>
  text.replace(/&(?:#x([0-9A-Fa-f]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, name) => {
    if (name) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(Number.parseInt(hex ?? decimal, hex ? 16 : 10));
  });

const within = (xml: string, name: string): string => new RegExp(`<${name}(?: [^<>]*)?>([^<]*)</${name}>`).exec(xml)?.[1] ?? "";

/** Names that XML can't hold come percent-encoded, and say so. */
function nameOf(blob: string): string {
  const name = decoded(within(blob, "Name"));
  return /<Name Encoded="true">/.test(blob) ? decodeURIComponent(name) : name;
}

export function blobObjects(issued: () => Promise<{ values: Connection["values"] }>, _resourceId: string, call: Call): ObjectReader {
  const ask = async (to: string, query: string, request: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> => {
    const { account_url: account, container, sas_token: signature } = (await issued()).values;
    if (!account || !container || !signature) throw new ProviderError("unsupported", "This connector has no signature for the container.");
    const url = `${account}/${container}${to}?${query}${signature}`;
    return call.send(url, { ...request, headers: { "x-ms-version": VERSION, ...request.headers }, isRaw: true });
  };
  const at = (key: string) => `/${key.split("/").map(encodeURIComponent).join("/")}`;
  return {
    facts: async (key) => {
      const answer = await ask(at(key), "", { method: "HEAD" });
      if (answer.status === 404) return null;
      const { headers } = accepted(answer, WHO);
      return {
        size: Number(headers["content-length"] ?? 0),
        modifiedMs: Date.parse(String(headers["last-modified"])) || 0,
        version: String(headers.etag ?? ""),
      };
    },
    read: async (key, { from, length, version }) => {
      const range = { "x-ms-range": `bytes=${from}-${from + length - 1}` };
      const answer = await ask(at(key), "", { headers: { ...range, ...(version ? { "if-match": version } : {}) } });
      if (answer.status === 416) return Buffer.alloc(0);
      if (answer.status === 412) throw new ProviderError("refused", "The blob was written anew while it was read.", CHANGED);
      const { body, status } = accepted(answer, WHO);
      return status === 206 ? body : body.subarray(from, from + length);
    },
    list: async (prefix, next) => {
      const marker = next ? `marker=${encodeURIComponent(next)}&` : "";
      const xml = accepted(await ask("", `restype=container&comp=list&maxresults=1000&prefix=${encodeURIComponent(prefix)}&${marker}`), WHO).body.toString(
        "utf8",
      );
      const blobs = between(xml, "<Blob>", "</Blob>");
      return {
        objects: blobs.map((blob) => ({ key: nameOf(blob), size: Number(within(blob, "Content-Length")) })),
        next: textOf(decoded(within(xml, "NextMarker"))),
      };
    },
  };
}
