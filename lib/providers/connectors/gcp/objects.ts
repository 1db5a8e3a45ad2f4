import { type Answer, type Call, CHANGED, type Connection, type ObjectReader, ProviderError } from "../contract";
import { accepted, jsonOf, listAt, textOf } from "../reading";
import { bucketName } from "./buckets";
import { GOOGLE } from "./tokens";

// Objects of a bucket, read by their keys (Cloud Storage's JSON API, v1). What is kept compressed comes as it is kept.

export function gcsObjects(issued: () => Promise<{ values: Connection["values"] }>, resourceId: string, call: Call): ObjectReader {
  const name = bucketName(resourceId);
  if (!name) throw new ProviderError("misconfigured", "This is no name of a bucket.");
  const ask = async (to: string, query: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> => {
    const token = textOf((await issued()).values.token);
    if (!token) throw new ProviderError("unsupported", "This connector gives out its key file: files are read with temporary tokens only. Switch them on.");
    const url = `https://storage.googleapis.com/storage/v1/b/${encodeURIComponent(name)}/o${to}?${new URLSearchParams(query)}`;
    return call.send(url, { headers: { authorization: `Bearer ${token}`, "accept-encoding": "gzip", ...headers }, isRaw: Boolean(query.alt) });
  };
  const at = (key: string) => `/${encodeURIComponent(key)}`;
  return {
    facts: async (key) => {
      const answer = await ask(at(key), { fields: "size,updated,generation" });
      if (answer.status === 404) return null;
      const facts = jsonOf(accepted(answer, GOOGLE), GOOGLE);
      return { size: Number(facts.size), modifiedMs: Date.parse(String(facts.updated)) || 0, version: String(facts.generation) };
    },
    read: async (key, { from, length, version }) => {
      const range = { range: `bytes=${from}-${from + length - 1}` };
      const answer = await ask(at(key), { alt: "media", ...(version ? { ifGenerationMatch: version } : {}) }, range);
      if (answer.status === 416) return Buffer.alloc(0);
      if (answer.status === 412) throw new ProviderError("refused", "The object was written anew while it was read.", CHANGED);
      const { body, status } = accepted(answer, GOOGLE);
      return status === 206 ? body : body.subarray(from, from + length);
    },
    list: async (prefix, next) => {
      const query = { prefix, maxResults: "1000", fields: "items(name,size),nextPageToken", ...(next ? { pageToken: next } : {}) };
      const answer = jsonOf(accepted(await ask("", query), GOOGLE), GOOGLE);
      return { objects: listAt(answer, "items").map((item) => ({ key: String(item.name), size: Number(item.size) })), next: textOf(answer.nextPageToken) };
    },
  };
}
