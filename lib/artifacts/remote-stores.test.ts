import { AZURE } from "@/lib/providers/connectors/azure/provider";
import type { Answer, Call, ConnectorProvider, Request } from "@/lib/providers/connectors/contract";
import { GCP } from "@/lib/providers/connectors/gcp/provider";
import { objectStore } from "./object-store";
import { type StoreCase, storeSuite } from "./store-contract.suite";

// The readers of Cloud Storage and Azure Blob before stand-ins written from their documents: not run against the real services.

type Stored = { bytes: Buffer; version: number };
type Objects = Map<string, Stored>;

const answer = (status: number, body: Buffer | object | string = "", headers: Answer["headers"] = {}): Answer => ({
  status,
  headers,
  body: Buffer.isBuffer(body) ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
});

function ranged(bytes: Buffer, header: string | undefined): Answer {
  const [, from = "0", to = "0"] = /bytes=(\d+)-(\d+)/.exec(header ?? "") ?? [];
  return Number(from) >= bytes.length ? answer(416) : answer(206, bytes.subarray(Number(from), Number(to) + 1));
}

/** A page holds few, so that lists of the suite have several. */
function page(objects: Objects, prefix: string, marker: string | null) {
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  const from = marker ? keys.indexOf(marker) : 0;
  return { keys: keys.slice(from, from + 2), next: keys[from + 2] ?? null };
}

function googles(objects: Objects, url: URL, { headers = {} }: Request): Answer {
  if (headers.authorization !== "Bearer of-bucket" || !url.pathname.startsWith("/storage/v1/b/lake-one/o"))
    return answer(403, { error: { status: "PERMISSION_DENIED" } });
  const query = url.searchParams;
  const key = decodeURIComponent(url.pathname.slice("/storage/v1/b/lake-one/o/".length));
  if (!key) {
    const { keys, next } = page(objects, query.get("prefix") ?? "", query.get("pageToken"));
    return answer(200, { items: keys.map((name) => ({ name, size: String(objects.get(name)?.bytes.length) })), ...(next ? { nextPageToken: next } : {}) });
  }
  const found = objects.get(key);
  if (!found) return answer(404, { error: { code: 404 } });
  if (query.get("alt") !== "media")
    return answer(200, { size: String(found.bytes.length), updated: "2026-11-01T10:00:00Z", generation: String(found.version) });
  const wanted = query.get("ifGenerationMatch");
  return wanted && wanted !== String(found.version) ? answer(412) : ranged(found.bytes, headers.range);
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function microsofts(objects: Objects, url: URL, { method, headers = {} }: Request): Answer {
  const query = url.searchParams;
  if (query.get("sig") !== "s" || !/^\/lake-one(\/|$)/.test(url.pathname)) return answer(403, "", { "x-ms-error-code": "AuthorizationFailure" });
  if (query.get("comp") === "list") {
    const { keys, next } = page(objects, query.get("prefix") ?? "", query.get("marker"));
    const blobs = keys.map(
      (key) => `<Blob><Name>${escaped(key)}</Name><Properties><Content-Length>${objects.get(key)?.bytes.length}</Content-Length></Properties></Blob>`,
    );
    return answer(200, `<EnumerationResults><Blobs>${blobs.join("")}</Blobs><NextMarker>${escaped(next ?? "")}</NextMarker></EnumerationResults>`);
  }
  const found = objects.get(decodeURIComponent(url.pathname.slice("/lake-one/".length)));
  if (!found) return answer(404, "", { "x-ms-error-code": "BlobNotFound" });
  const facts = { "content-length": String(found.bytes.length), "last-modified": "Sun, 01 Nov 2026 10:00:00 GMT", etag: `"${found.version}"` };
  if (method === "HEAD") return answer(200, "", facts);
  return headers["if-match"] && headers["if-match"] !== facts.etag ? answer(412) : ranged(found.bytes, headers["x-ms-range"]);
}

type Peer = (objects: Objects, url: URL, request: Request) => Answer;

async function openCase(provider: ConnectorProvider, scheme: string, values: Record<string, string>, peer: Peer): Promise<StoreCase> {
  const objects: Objects = new Map();
  const call: Call = {
    send: async (url, request = {}) => peer(objects, new URL(url), request),
    greeting: async () => "",
    now: () => new Date(),
    host: null,
  };
  let version = 0;
  const put = (key: string, bytes: Buffer) => objects.set(key, { bytes, version: ++version });
  for (const key of ["outside.txt", "prefix-two/x.txt"]) put(key, Buffer.from("outside"));
  const reader = provider.objects?.(async () => ({ values }), `${scheme}://lake-one`, call);
  if (!reader) throw new Error("it has a reader");
  const path = `${scheme}://lake-one/prefix`;
  return {
    store: objectStore({ id: "s", path }, async () => reader),
    uri: (name) => `${path}/${name}`,
    write: async (name, bytes) => void put(`prefix/${name}`, bytes),
    outside: [`${scheme}://lake-one/outside.txt`, `${scheme}://lake-one/prefix-two/x.txt`, `${scheme}://lake-two/prefix/x.txt`],
  };
}

storeSuite("Cloud Storage, not run against the real service", () => openCase(GCP, "gs", { token: "of-bucket" }, googles));
storeSuite("Azure Blob Storage, not run against the real service", () =>
  openCase(AZURE, "az", { account_url: "https://a.blob.core.windows.net", container: "lake-one", sas_token: "sig=s" }, microsofts),
);
