import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { gzipSync } from "node:zlib";
import { afterEach, expect, it, vi } from "vitest";
import { EXPIRED, GOOD, KEY } from "./certificates.sample";
import { type GuardedOptions, guardedFetch } from "./guarded-fetch";

const LOOPBACK = ["127.0.0.0/8"];
const servers: (http.Server | https.Server)[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(answer: http.RequestListener): Promise<string> {
  const server = http.createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const call = (url: string, options: GuardedOptions = {}) => guardedFetch(url, { allowHttp: true, networks: LOOPBACK, ...options });
const record = (address: string) => ({ address, family: 4 });

it("reads an answer, unpacked", async () => {
  const url = await serve((_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("hello")));
  expect((await call(url)).body.toString()).toBe("hello");
});

it("SSRF-6 judges the address that is connected to, anew at each hop", async () => {
  let asked = 0;
  const url = await serve((_request, response) => response.writeHead(302, { location: "/again" }).end());
  const name = url.replace("127.0.0.1", "idp.example");
  const resolve = async () => [record(asked++ === 0 ? "127.0.0.1" : "10.0.0.1")];
  await expect(call(name, { resolve })).rejects.toMatchObject({ reason: "address" });
  expect(asked).toBe(2);
});

it("SSRF-7 refuses a name with one public and one private record", async () => {
  const resolve = async () => [record("8.8.8.8"), record("10.0.0.1")];
  await expect(call("https://idp.example/", { resolve })).rejects.toMatchObject({ reason: "address" });
});

it.each([301, 302, 303, 307, 308])("SSRF-8 judges the target of a %i", async (status) => {
  const url = await serve((_request, response) => response.writeHead(status, { location: "http://169.254.169.254/" }).end());
  await expect(call(url)).rejects.toMatchObject({ reason: "address" });
});

it("SSRF-8 follows three redirects, without the caller's headers to another origin, and no more", async () => {
  let hops = 0;
  const other = await serve((request, response) => response.end(String(request.headers.authorization)));
  const three = await serve((_request, response) => response.writeHead(302, { location: ++hops < 3 ? "/" : other }).end());
  expect((await call(three, { headers: { authorization: "secret" } })).body.toString()).toBe("undefined");
  const endless = await serve((_request, response) => response.writeHead(302, { location: "/" }).end());
  await expect(call(endless)).rejects.toMatchObject({ reason: "redirect" });
});

it("SSRF-8 never follows from https to http, however the target is allowed", async () => {
  const resolve = async () => [record("127.0.0.1")];
  let asked = 0;
  const plain = await serve((_request, response) => {
    asked++;
    response.end("in the clear");
  });
  const target = plain.replace("127.0.0.1", "idp.example");
  expect((await call(target, { resolve })).body.toString()).toBe("in the clear"); // what follows differs in the way there alone
  const secure = await serveTls(GOOD, (_request, response) => response.writeHead(302, { location: target }).end());
  await expect(call(secure.url, { resolve, ca: secure.ca })).rejects.toMatchObject({ reason: "redirect" });
  const again = await serveTls(GOOD, (request, response) => response.writeHead(302, { location: request.url === "/" ? "/next" : target }).end());
  await expect(call(again.url, { resolve, ca: again.ca })).rejects.toMatchObject({ reason: "redirect" });
  expect(asked).toBe(1);
});

it("SSRF-12 cuts an endless body, a bomb, a slow answer and large headers", async () => {
  const endless = await serve((_request, response) => {
    const more = () => void (response.destroyed || (response.write("x".repeat(65_536)) ? setImmediate(more) : response.once("drain", more)));
    more();
  });
  await expect(call(endless)).rejects.toMatchObject({ reason: "size" });
  const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024));
  const packed = await serve((_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb));
  await expect(call(packed)).rejects.toMatchObject({ reason: "size" });
  const slow = await serve((_request, response) => void response.write("x"));
  await expect(call(slow, { timeoutMs: 200 })).rejects.toMatchObject({ reason: "time" });
  const large = await serve((_request, response) => response.writeHead(200, { "x-large": "x".repeat(1024 * 1024) }).end());
  await expect(call(large)).rejects.toMatchObject({ reason: "size" });
});

it("SSRF-13 says nothing of what the other side said", async () => {
  const url = await serve((request) => request.socket.end("SECRET not http\r\n\r\n"));
  const error = await call(url).catch((caught: Error) => caught);
  expect(JSON.stringify([String(error), error])).not.toMatch(/SECRET|127\.0/);
});

it("SSRF-15 asks no proxy that the environment names", async () => {
  for (const name of ["HTTP_PROXY", "http_proxy", "ALL_PROXY"]) vi.stubEnv(name, "http://127.0.0.1:9");
  const url = await serve((_request, response) => response.end("direct"));
  expect((await call(url)).body.toString()).toBe("direct");
});

it("SSRF-16 refuses a certificate that is self-signed, expired or another host's, and takes a CA bundle per call", async () => {
  const resolve = async () => [record("127.0.0.1")];
  const good = await serveTls(GOOD);
  await expect(call(good.url, { resolve })).rejects.toMatchObject({ reason: "tls" });
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  await expect(call(good.url, { resolve })).rejects.toMatchObject({ reason: "tls" });
  vi.unstubAllEnvs();
  expect((await call(good.url, { resolve, ca: good.ca })).body.toString()).toBe("hello");
  await expect(call(good.url.replace("idp", "other"), { resolve, ca: good.ca })).rejects.toMatchObject({ reason: "tls" });
  const expired = await serveTls(EXPIRED);
  await expect(call(expired.url, { resolve, ca: expired.ca })).rejects.toMatchObject({ reason: "tls" });
});

it("takes an unchecked certificate only where a call says so, and from the first origin alone", async () => {
  const resolve = async () => [record("127.0.0.1")];
  const other = await serveTls(GOOD);
  const server = await serveTls(EXPIRED, (request, response) => {
    if (request.url === "/on") response.writeHead(302, { location: other.url }).end();
    else response.end("unchecked");
  });
  await expect(call(server.url, { resolve })).rejects.toMatchObject({ reason: "tls" });
  expect((await call(server.url, { resolve, isInsecure: true })).body.toString()).toBe("unchecked");
  await expect(call(`${server.url}on`, { resolve, isInsecure: true })).rejects.toMatchObject({ reason: "tls" });
});

it("shows a client certificate to the first origin alone", async () => {
  const resolve = async () => [record("127.0.0.1")];
  const subject = (request: http.IncomingMessage) => (request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? "nobody";
  const asks = { requestCert: true, rejectUnauthorized: false };
  const other = await serveTls(GOOD, (request, response) => response.end(subject(request)), asks);
  const server = await serveTls(
    GOOD,
    (request, response) => {
      if (request.url === "/on") response.writeHead(302, { location: other.url }).end();
      else response.end(subject(request));
    },
    asks,
  );
  const client = { certificate: GOOD, key: KEY };
  expect((await call(server.url, { resolve, ca: server.ca })).body.toString()).toBe("nobody");
  expect((await call(server.url, { resolve, ca: server.ca, client })).body.toString()).toBe("idp.example");
  expect((await call(`${server.url}on`, { resolve, ca: server.ca, client })).body.toString()).toBe("nobody");
});

it("says only that a certificate is none", async () => {
  for (const options of [{ ca: "SECRET" }, { client: { certificate: "SECRET", key: "SECRET" } }]) {
    const error = await call("https://127.0.0.1:9/", options).catch((caught: Error) => caught);
    expect(error).toMatchObject({ name: "OutgoingError" });
    expect(String(error)).not.toMatch(/SECRET/);
  }
});

it("SSRF-14 carries nothing of ours: a call to ourselves is one of nobody's", async () => {
  const url = await serve((request, response) => response.end(JSON.stringify(Object.keys(request.headers).sort())));
  expect(JSON.parse((await call(url)).body.toString())).toEqual(["accept-encoding", "connection", "host"]);
});

async function serveTls(
  certificate: string,
  answer: http.RequestListener = (_request, response) => void response.end("hello"),
  options: https.ServerOptions = {},
) {
  const server = https.createServer({ key: KEY, cert: certificate, ...options }, answer);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { url: `https://idp.example:${(server.address() as AddressInfo).port}/`, ca: certificate };
}
