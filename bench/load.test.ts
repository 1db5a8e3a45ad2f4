import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { measure, percentile, type Target } from "./load";

const asked: string[] = [];
const server = http.createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  response.statusCode = request.url === "/wrong" ? 500 : 200;
  setTimeout(() => response.end("x"), 5);
});
const target = (...paths: string[]): Target => ({
  name: "runs",
  origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  calls: () => paths.map((path) => ({ path })),
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => void server.close());

it("takes percentiles by nearest rank", () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1);
  expect([percentile(values, 50), percentile(values, 95), percentile([7], 95), percentile([1, 2, 3], 50)]).toEqual([50, 95, 7, 2]);
  expect(() => percentile([], 50)).toThrow("nothing was measured");
});

it("stops at the count and times whole answers", async () => {
  asked.length = 0;
  const measured = await measure(target("/"), { clients: 4, count: 40, seconds: 10 });
  expect(measured.count).toBe(40);
  expect(asked).toHaveLength(40);
  expect(measured.p50Ms).toBeGreaterThanOrEqual(4);
  expect(measured.p95Ms).toBeGreaterThanOrEqual(measured.p50Ms);
});

it("warms up on the connections that it measures", async () => {
  const ports = new Set<number | undefined>();
  const note = (socket: { remotePort?: number }) => ports.add(socket.remotePort);
  server.on("connection", note);
  const seen: number[] = [];
  const counted = { ...target(), calls: (n: number) => [{ path: `/${seen.push(n)}` }] };
  const measured = await measure(counted, { clients: 2, count: 10, seconds: 5, warmUp: 6 });
  server.off("connection", note);
  expect(measured.count).toBe(10);
  expect(seen).toEqual(Array.from({ length: 16 }, (_, n) => n));
  expect(ports.size).toBe(2);
});

it("stops at the time", async () => {
  const measured = await measure(target("/"), { clients: 1, count: 1_000_000, seconds: 0.2 });
  expect(measured.count).toBeLessThan(60);
});

it("times calls that belong together as one, in their order, each time with its own", async () => {
  asked.length = 0;
  const calls = (n: number) => [{ path: `/run/${n}` }, { path: `/steps/${n}`, method: "POST" as const, body: "a" }];
  const measured = await measure({ ...target(), calls }, { clients: 1, count: 2, seconds: 5 });
  expect(asked).toEqual(["GET /run/0", "POST /steps/0", "GET /run/1", "POST /steps/1"]);
  expect(measured).toMatchObject({ count: 2, bytes: 2 });
  expect(measured.p50Ms).toBeGreaterThanOrEqual(9);
});

it("doesn't take an error for a fast answer", async () => {
  await expect(measure(target("/wrong"), { clients: 1, count: 3, seconds: 5 })).rejects.toThrow("runs answered 500");
});
