import { createPrivateKey } from "node:crypto";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { SignJWT } from "jose";
import { GOOD, KEY } from "../../lib/outgoing/certificates.sample";
import { freePort, ROOT } from "../fixtures";
import { startPeer } from "../peer-process";

// A real container registry (the distribution's, as Debian packages it) with token authentication, and who gives its tokens: of what is asked
// for, people get what they may, as the distribution's documents say.

const PROGRAM = process.env.REEVE_DOCKER_REGISTRY ?? path.join(ROOT, ".cache", "docker-registry", "usr", "bin", "docker-registry");
const [SERVICE, ISSUER] = ["registry of the tests", "reeve-tests"];
const LIFE_SECONDS = 300;

type Access = { type: string; name: string; actions: string[] };
type Accounts = Record<string, { password: string; may: RegExp }>;

/** Who gives tokens: ES256, with its certificate beside the signature. */
async function startTokens(accounts: Accounts) {
  const key = createPrivateKey(KEY);
  const certificate = GOOD.replace(/-----[^-]+-----|\s/g, "");
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://tokens");
    const [name = "", password] = Buffer.from((request.headers.authorization ?? "").replace("Basic ", ""), "base64")
      .toString()
      .split(":");
    const account = accounts[name];
    if (!account || account.password !== password)
      return void response.writeHead(401).end('{"errors":[{"code":"UNAUTHORIZED","message":"wrong password: do not quote it"}]}');
    const asked = url.searchParams.getAll("scope").map((scope): Access => {
      const [type = "", repository = "", actions = ""] = scope.split(":");
      return { type, name: repository, actions: actions.split(",") };
    });
    const token = await new SignJWT({ access: asked.filter((one) => account.may.test(one.name)) })
      .setProtectedHeader({ alg: "ES256", x5c: [certificate], typ: "JWT" })
      .setIssuer(ISSUER)
      .setSubject(name)
      .setAudience(SERVICE)
      .setIssuedAt()
      .setNotBefore("0s")
      .setExpirationTime(`${LIFE_SECONDS}s`)
      .setJti(crypto.randomUUID())
      .sign(key);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ token, expires_in: LIFE_SECONDS }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { realm: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`, stop: () => void server.close().closeAllConnections() };
}

/** Starts both. `ask` calls the registry with a bearer token, or with none. */
export async function startDockerRegistry(accounts: Accounts) {
  if (!existsSync(PROGRAM)) throw new Error("The container registry is not installed: npm test installs it.");
  const folder = mkdtempSync(path.join(os.tmpdir(), "reeve-registry-"));
  const tokens = await startTokens(accounts);
  const host = `127.0.0.1:${await freePort()}`;
  const at = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const settings = {
    version: 0.1,
    log: { level: "error" },
    storage: { filesystem: { rootdirectory: path.join(folder, "data") } },
    http: { addr: host, secret: "of the tests" },
    auth: { token: { realm: tokens.realm, service: SERVICE, issuer: ISSUER, rootcertbundle: at("root.pem", GOOD) } },
  };
  // YAML takes JSON as it is.
  const program = { program: PROGRAM, args: ["serve", at("config.yml", JSON.stringify(settings))], cwd: folder };
  const isReady = async () => (await fetch(`http://${host}/v2/`)).status === 401;
  const end = await startPeer("the container registry", [program], { isReady, seconds: 20, folder });
  return {
    host,
    ask: (method: string, where: string, token: string | null, { body, type }: { body?: string; type?: string } = {}) =>
      fetch(where.startsWith("http") ? where : `http://${host}/v2/${where}`, {
        method,
        body,
        headers: {
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(type ? { "content-type": type } : {}),
          accept: "application/vnd.oci.image.manifest.v1+json",
        },
      }),
    stop: async () => {
      tokens.stop();
      await end();
    },
  };
}
