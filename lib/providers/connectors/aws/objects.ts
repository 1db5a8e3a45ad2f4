import { type Answer, type Call, CHANGED, type Connection, type ObjectReader, ProviderError } from "../contract";
import { between } from "../reading";
import { text, texts } from "./answer";
import { bucketName, bucketUrl } from "./buckets";
import { accepted, type Keys, serviceOf, signedSend, textOf } from "./sign";

// Objects of a bucket, read by their keys: HEAD, GET with a range, and ListObjectsV2 (S3's REST API, 2006-03-01).

type Values = Connection["values"];

const keysOf = ({ aws_access_key_id: id, aws_secret_access_key: secret, aws_session_token: session }: Values): Keys => ({
  id: textOf(id) ?? "",
  secret: textOf(secret) ?? "",
  session: textOf(session),
});

/** A key as a path: each part by itself, so that plus signs and percent signs stay what they are. */
const pathOf = (key: string): string =>
  key
    .split("/")
    .map((part) => encodeURIComponent(part).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`))
    .join("/");

export function s3Objects(issued: () => Promise<{ values: Values }>, resourceId: string, call: Call): ObjectReader {
  const name = bucketName(resourceId);
  if (!name) throw new ProviderError("misconfigured", "This is no name of a bucket.");
  const ask = async (to: string, request: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> => {
    const { values } = await issued();
    const service = serviceOf({ method: "sts-token", values }, "s3");
    return signedSend(keysOf(values), service, call, `${bucketUrl(service, name)}${to}`, { ...request, isRaw: true });
  };
  return {
    facts: async (key) => {
      const answer = await ask(`/${pathOf(key)}`, { method: "HEAD" });
      if (answer.status === 404) return null;
      const { headers } = accepted(answer, "s3");
      return {
        size: Number(headers["content-length"] ?? 0),
        modifiedMs: Date.parse(String(headers["last-modified"])) || 0,
        version: String(headers.etag ?? ""),
      };
    },
    read: async (key, { from, length, version }) => {
      const range = { range: `bytes=${from}-${from + length - 1}` };
      const answer = await ask(`/${pathOf(key)}`, { headers: { ...range, ...(version ? { "if-match": version } : {}) } });
      if (answer.status === 416) return Buffer.alloc(0);
      if (answer.status === 412) throw new ProviderError("refused", "The object was written anew while it was read.", CHANGED);
      const { body, status } = accepted(answer, "s3");
      // Who heeds no ranges sends all of it.
      return status === 206 ? body : body.subarray(from, from + length);
    },
    list: async (prefix, next) => {
      const query = Object.entries({ "list-type": "2", "encoding-type": "url", prefix, ...(next ? { "continuation-token": next } : {}) })
        .map(([field, value]) => `${field}=${encodeURIComponent(value)}`)
        .join("&");
      const answer = accepted(await ask(`?${query}`), "s3");
      const objects = between(answer.body.toString("utf8"), "<Contents>", "</Contents>").map((content) => {
        const part: Answer = { ...answer, body: Buffer.from(content) };
        return { key: decodeURIComponent(text(part, "Key").replaceAll("+", " ")), size: Number(text(part, "Size")) };
      });
      const isCut = texts(answer, "IsTruncated")[0] === "true";
      return { objects, next: isCut ? text(answer, "NextContinuationToken") : null };
    },
  };
}
