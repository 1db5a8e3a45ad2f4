import http from "node:http";
import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { GOOD, KEY } from "@/lib/outgoing/certificates.sample";
import { DEFINED_KINDS } from "@/lib/providers/secret-kinds/registry";
import { testSentence } from "./kind-schema";
import { kindForm, requireKind, requireSameAddress, testValues } from "./kinds";
import { KIND_TITLES } from "./row-schema";
import { SECRET_KINDS } from "./schema";

// Kinds of secrets. The tests of their services run against a server of this file's own, written from the providers' documents: not run against the real
// services. OpenAI's and Anthropic's addresses are replaced by their base URL, Pinecone's can't be.

const LOOPBACK = ["127.0.0.0/8"];
const servers: http.Server[] = [];
const sockets: net.Server[] = [];
afterEach(() => {
  for (const server of sockets.splice(0)) server.close();
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(answer: http.RequestListener): Promise<string> {
  const server = http.createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it("names are the same in the registry, in the lists and in the choices", () => {
  expect(["generic", ...DEFINED_KINDS.map((one) => one.kind)]).toEqual([...SECRET_KINDS]);
  expect(KIND_TITLES).toEqual({ generic: "Generic", ...Object.fromEntries(DEFINED_KINDS.map((one) => [one.kind, one.title])) });
});

it.each(DEFINED_KINDS.map((one) => [one.kind, one] as const))("%s has a form with help, a hidden field and a way to its documents", (kind, defined) => {
  const form = kindForm(kind);
  expect(form?.fields.length).toBeGreaterThan(0);
  for (const field of form?.fields ?? []) expect([field.name, field.label, field.help]).not.toContain(null);
  expect(form?.fields.some((field) => field.isSecret)).toBe(true);
  for (const name of defined.address) expect(form?.fields.map((field) => field.name)).toContain(name);
  expect(defined.docs.url).toMatch(/^https:/);
  if (!defined.test) expect(defined.note).not.toBe("");
});

it("titles are shown as they are written", () => {
  expect(kindForm("openai")?.fields.map((field) => field.label)).toEqual(["API key", "Organization", "Project", "Base URL"]);
});

it("what doesn't fit is said by field and without the value", () => {
  const wrong = () => requireKind("openai", { api_key: "canary key", base_url: "file:///etc" });
  expect(wrong).toThrow(/api_key: A key has no spaces.*base_url: Enter an address/);
  expect(wrong).not.toThrow(/canary|etc/);
  expect(() => requireKind("openai", {})).toThrow("api_key: This is needed.");
  // What the signing of a call could not put into its headers, or its URL.
  expect(() => requireKind("openai", { api_key: "ключ" })).toThrow(/api_key: A key has no spaces/);
  expect(() => requireKind("openai", { api_key: "k", base_url: "https://[" })).toThrow(/base_url: Enter an address/);
  expect(() => requireKind("snowflake", { account: "a", user: "u" })).toThrow("password: Give a password or a private key.");
  expect(() => requireKind("elasticsearch", { url: "https://a.example" })).toThrow("api_key: Give an API key, or a user and a password.");
  expect(() => requireKind("openai", { api_key: "k", own: "more" })).not.toThrow();
  expect(() => requireKind("generic", {})).not.toThrow();
});

it("keys that stay are not sent to another address", () => {
  const before = { host: "a", user: "u", password: "p", database: "d" };
  expect(() => requireSameAddress("postgresql", before, { ...before, host: "b" })).toThrow(/host says where the keys are sent/);
  expect(() => requireSameAddress("postgresql", before, { ...before, sslmode: "disable" })).toThrow(/sslmode says/);
  expect(() => requireSameAddress("postgresql", before, { ...before, host: "b", password: "q" })).not.toThrow();
  expect(() => requireSameAddress("postgresql", before, { ...before, user: "v" })).not.toThrow();
});

type Case = { kind: string; values: (url: string) => Record<string, string>; path: string; header: [string, string]; body: unknown; words: string };
const CASES: Case[] = [
  {
    kind: "openai",
    values: (url) => ({ api_key: "canary-1", organization: "org-1", base_url: `${url}/v1/` }),
    path: "/v1/models",
    header: ["authorization", "Bearer canary-1"],
    body: { object: "list", data: [{ id: "a" }, { id: "b" }] },
    words: "OpenAI accepted the key and lists 2 models.",
  },
  {
    kind: "anthropic",
    values: (url) => ({ api_key: "canary-1", base_url: url }),
    path: "/v1/models?limit=1000",
    header: ["x-api-key", "canary-1"],
    body: { data: [{ id: "a" }], has_more: false },
    words: "Anthropic accepted the key and lists 1 model.",
  },
  {
    kind: "azure-openai",
    values: (url) => ({ endpoint: url, api_key: "canary-1" }),
    path: "/openai/models?api-version=2024-10-21",
    header: ["api-key", "canary-1"],
    body: { object: "list", data: [] },
    words: "Azure OpenAI accepted the key and lists 0 models.",
  },
  {
    kind: "weaviate",
    values: (url) => ({ url, api_key: "canary-1" }),
    path: "/v1/meta",
    header: ["authorization", "Bearer canary-1"],
    body: { hostname: "http://[::]:8080", modules: {}, version: "1.30.0" },
    words: "Weaviate accepted the key.",
  },
  {
    kind: "elasticsearch",
    values: (url) => ({ url, user: "u", password: "canary-1" }),
    path: "/_security/_authenticate",
    header: ["authorization", `Basic ${Buffer.from("u:canary-1").toString("base64")}`],
    body: { username: "u", roles: [], enabled: true },
    words: "Elasticsearch accepted the key.",
  },
];

describe.each(CASES)("$kind (not run against the real service)", ({ kind, values, path, header, body, words }) => {
  it("is tried by one call that reads, with the key where the service wants it", async () => {
    const asked: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      asked.push(request.method, request.url, String(request.headers[header[0]]));
      response.end(JSON.stringify(body));
    });
    expect(await testValues(kind, values(url), LOOPBACK)).toEqual({ outcome: "worked", words });
    expect(asked).toEqual(["GET", path, header[1]]);
  });

  it.each([
    [401, "refused", /doesn’t accept the key \(401\)/],
    [403, "refused", /may not read this \(403\)/],
    [404, "refused", /nothing at this address \(404\)/],
    [429, "refused", /no more calls with this key for now \(429\)/],
    [503, "unreachable", /couldn’t answer \(503\)/],
    [200, "unreachable", /what answers at this address is not/],
  ])("SEC-4: an answer of %i is said in our words, whatever it quotes", async (status, outcome, said) => {
    const url = await serve((request, response) => response.writeHead(status).end(`your key ${JSON.stringify(request.headers)} is wrong`));
    const answer = await testValues(kind, values(url), LOOPBACK);
    expect(answer.outcome).toBe(outcome);
    expect(testSentence(answer)).toMatch(said);
    expect(testSentence(answer)).not.toMatch(/canary|your key/);
  });

  it("SSRF-1 to 3: reaches no network that the workspace doesn't open, and none that nothing opens", async () => {
    const url = await serve((_request, response) => response.end(JSON.stringify(body)));
    expect(await testValues(kind, values(url), [])).toMatchObject({
      outcome: "unreachable",
      words: expect.stringContaining("a network that this workspace doesn’t open"),
    });
    expect(await testValues(kind, values("http://169.254.169.254"), ["0.0.0.0/0"])).toMatchObject({ outcome: "unreachable" });
    expect(await testValues(kind, values("http://8.8.8.8"), [])).toMatchObject({ outcome: "unreachable", words: expect.stringContaining("encrypted only") });
  });
});

it("SEC-4: the words of a test repeat no value, as who may not reveal reads them", async () => {
  const url = await serve((_request, response) => response.end("<ListBucketResult></ListBucketResult>"));
  const values = { aws_access_key_id: "canary-1", aws_secret_access_key: "canary-2", region: "canary-3", bucket: "canary-4", endpoint_url: url };
  expect(await testValues("s3", values, LOOPBACK)).toEqual({ outcome: "worked", words: "S3 accepted the keys and lists the bucket." });
});

describe("PostgreSQL over TLS", () => {
  /** A server that takes TLS with a certificate for idp.example and then refuses every password, as PostgreSQL's protocol says (message formats, SSLRequest). */
  async function serveTls(): Promise<{ port: number; saw: string[] }> {
    const saw: string[] = [];
    const server = net.createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        socket.write("S");
        const secure = new tls.TLSSocket(socket, { isServer: true, key: KEY, cert: GOOD });
        secure.on("error", () => undefined);
        secure.once("data", (startup) => {
          saw.push(startup.toString("latin1"));
          const text = Buffer.from("SFATAL\0VFATAL\0C28P01\0Mcanary echoed\0\0", "latin1");
          const head = Buffer.alloc(5);
          head.write("E");
          head.writeInt32BE(text.length + 4, 1);
          secure.end(Buffer.concat([head, text]));
        });
      });
    });
    sockets.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { port: (server.address() as AddressInfo).port, saw };
  }
  const login = (port: number, more: Record<string, string>) => ({
    host: "127.0.0.1",
    port: String(port),
    database: "d",
    user: "u",
    password: "canary",
    ...more,
  });

  it.each([
    ["a certificate that nobody vouches for", {}],
    ["one whose authority is known, and that is for another name", { ca: GOOD }],
  ])("sends nothing to a server with %s, unless the setting only encrypts", async (_what, more) => {
    const { port, saw } = await serveTls();
    const answer = await testValues("postgresql", login(port, more), LOOPBACK);
    expect(answer).toMatchObject({ outcome: "unreachable", words: expect.stringContaining("certificate isn’t trusted, or is for another name") });
    expect(saw).toEqual([]);
    expect(await testValues("postgresql", login(port, { ...more, sslmode: "require" }), LOOPBACK)).toEqual({
      outcome: "refused",
      words: "PostgreSQL doesn’t accept the user and password (28P01).",
    });
    expect(saw).toHaveLength(1);
  });
});

it("a kind without a test says why", async () => {
  await expect(testValues("snowflake", {}, [])).rejects.toThrow(/no call that only reads/);
  await expect(testValues("generic", {}, [])).rejects.toThrow(/can’t be tested/);
});
