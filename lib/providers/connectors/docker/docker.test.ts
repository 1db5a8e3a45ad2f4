import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Call, Connection } from "../contract";
import { connectorSuite } from "../contract.suite";
import { readAddress } from "./address";
import { DOCKER } from "./provider";

// A registry with token authentication as the distribution's documents describe it; e2e/clients/docker-registry.test.ts runs against a real one.

let server: http.Server;
let host: string;
const scopes: (string | null)[] = [];

beforeAll(async () => {
  server = http.createServer((request, response) => {
    const url = new URL(request.url ?? "/", `http://${host}`);
    const authorization = request.headers.authorization ?? "";
    if (url.pathname === "/token") {
      scopes.push(url.searchParams.get("scope"));
      const [name, password] = Buffer.from(authorization.replace("Basic ", ""), "base64").toString().split(":");
      if (password !== "a-good-password") return void response.writeHead(401).end('{"errors":[{"code":"UNAUTHORIZED"}]}');
      return void response.end(JSON.stringify({ token: `for-${name}-${url.searchParams.get("scope")}`, expires_in: 300 }));
    }
    if (authorization.startsWith("Bearer for-")) return void response.end("{}");
    response.writeHead(401, { "www-authenticate": `Bearer realm="http://${host}/token",service="registry"` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const call = (): Call => ({
  host: null,
  now: () => new Date(),
  greeting: () => Promise.reject(new Error("not asked here")),
  send: async (url, { headers, method, body } = {}) => {
    const answer = await fetch(url, { headers, method, body });
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: Buffer.from(await answer.arrayBuffer()) };
  },
});
const connection = (password = "a-good-password"): Connection => ({ method: "password", values: { username: "robot", password, registry: `http://${host}` } });
const refused = () => connection("a-wrong-password");

connectorSuite("Docker, for the registry", () => ({
  provider: DOCKER,
  connection: connection(),
  refused: refused(),
  call,
  resource: { resourceType: "docker-registry", resourceId: host, spellings: [`http://${host}`, `${host}/v2/`] },
  longest: null,
}));

it("for a repository it issues the registry's own token, for that repository alone", async () => {
  const target = { resourceType: "docker-registry", resourceId: `${host}/team/app` };
  expect(DOCKER.issuesShortLived(connection(), target)).toBe(true);
  const issued = await DOCKER.issue(connection(), { ...target, lifetime: null, session: "suite" }, call());
  expect(issued).toMatchObject({ method: "bearer", reach: "resource", values: { repository: "team/app" }, secretFields: ["token"] });
  expect(scopes.at(-1)).toBe("repository:team/app:pull,push");
  expect(JSON.stringify(issued.values)).not.toContain("a-good-password");
  await expect(DOCKER.verify(refused(), target, call())).rejects.toMatchObject({ reason: "refused", code: "UNAUTHORIZED" });
});

it.each([
  [null, "docker.io", null, false],
  ["https://index.docker.io/v1/", "docker.io", null, false],
  ["docker.io/library/python", "docker.io", "library/python", false],
  ["ghcr.io/acme/app", "ghcr.io", "acme/app", false],
  ["localhost:5000", "localhost:5000", null, true],
  ["https://localhost:5000", "localhost:5000", null, false],
])("reads %s", (text, registry, repository, isPlain) => {
  expect(readAddress(text)).toEqual({ registry, repository, isPlain });
});
