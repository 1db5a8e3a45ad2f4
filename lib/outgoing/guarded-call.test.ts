import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { guardedCall } from "./guarded-call";

const LOOPBACK = ["127.0.0.0/8"];
const servers: net.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: net.Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

describe("what a provider may call", () => {
  it("reaches a private network by plain http when the workspace names it, and not otherwise", async () => {
    const port = await listen(http.createServer((request, response) => response.end(`${request.method} ${request.headers["x-key"]}`)));
    const request = { method: "POST", headers: { "x-key": "k" }, body: "b" };
    expect((await guardedCall(LOOPBACK).send(`http://127.0.0.1:${port}/`, request)).body.toString()).toBe("POST k");
    const length = await listen(http.createServer((request, response) => response.end(request.headers["content-length"])));
    expect((await guardedCall(LOOPBACK).send(`http://127.0.0.1:${length}/`, { method: "DELETE", body: "ä" })).body.toString()).toBe("2");
    await expect(guardedCall([]).send(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ name: "ProviderError", reason: "refused-address" });
    await expect(guardedCall(["10.0.0.0/8"]).send(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ reason: "refused-address" });
  });

  it("speaks plain http to no public address, by number or by name", async () => {
    await expect(guardedCall(LOOPBACK).send("http://8.8.8.8/")).rejects.toMatchObject({ reason: "refused-address" });
    const resolve = async () => [{ address: "8.8.8.8", family: 4 }];
    await expect(guardedCall(LOOPBACK, { resolve }).send("http://a.example/")).rejects.toMatchObject({ reason: "refused-address" });
  });

  it.each(["http://169.254.169.254/", "http://metadata.google.internal/", "https://[fd00:ec2::254]/"])("SSRF-2 refuses %s whatever is open", async (url) => {
    await expect(guardedCall(["0.0.0.0/0", "::/0"]).send(url)).rejects.toMatchObject({ reason: "refused-address" });
  });

  it("SSRF-8 refuses to be sent on to the metadata service", async () => {
    const port = await listen(http.createServer((_request, response) => response.writeHead(302, { location: "http://169.254.169.254/" }).end()));
    await expect(guardedCall(LOOPBACK).send(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ reason: "refused-address" });
  });

  it("SSRF-13 says what happened in words of ours", async () => {
    const port = await listen(net.createServer((socket) => socket.end("SECRET\r\n\r\n")));
    const error = await guardedCall(LOOPBACK)
      .send(`http://127.0.0.1:${port}/`)
      .catch((caught: Error) => caught);
    expect(JSON.stringify([String(error), error, (error as Error).cause])).not.toMatch(/SECRET|127\.0/);
  });

  it("hears a server's greeting, within the networks that are open and not from one that keeps silent", async () => {
    const port = await listen(net.createServer((socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\nmore")));
    expect(await guardedCall(LOOPBACK).greeting("127.0.0.1", port)).toBe("SSH-2.0-OpenSSH_9.2");
    await expect(guardedCall([]).greeting("127.0.0.1", port)).rejects.toMatchObject({ reason: "refused-address" });
    await expect(guardedCall(LOOPBACK).greeting("169.254.169.254", 22)).rejects.toMatchObject({ reason: "refused-address" });
    await expect(guardedCall(LOOPBACK).greeting("127.0.0.1", 6379)).rejects.toMatchObject({ reason: "refused-address" });
    await expect(guardedCall(LOOPBACK).greeting("a b", 22)).rejects.toMatchObject({ reason: "misconfigured" });
    const silent = await listen(net.createServer(() => undefined));
    await expect(guardedCall(LOOPBACK, { timeoutMs: 100 }).greeting("127.0.0.1", silent)).rejects.toMatchObject({ reason: "unreachable" });
  });
});
