import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import { freePort, ROOT } from "../fixtures";
import { startPeer } from "../peer-process";

// Azurite, Microsoft's own stand-in for Azure Storage, installed once into .cache/peers from npm. It checks signatures of containers as Azure does; of
// Entra ID's tokens it reads the claims and checks no signature.

const VERSION = "3.37.0";
/** The one account that it has. */
export const ACCOUNT = "devstoreaccount1";

function install(): string {
  const home = path.join(ROOT, ".cache", "peers", "azurite");
  const program = path.join(home, "node_modules", "azurite", "dist", "src", "blob", "main.js");
  if (existsSync(program)) return program;
  mkdirSync(home, { recursive: true });
  try {
    execFileSync("npm", ["install", "--prefix", home, "--no-audit", "--no-fund", "--ignore-scripts", `azurite@${VERSION}`], { stdio: "pipe" });
  } catch (cause) {
    throw new Error("Azurite could not be installed: it needs npm and its registry.", { cause });
  }
  return program;
}

/** A token that says what one of Entra ID for storage says. */
export function storageToken(): string {
  const seconds = Math.floor(Date.now() / 1_000);
  const claims = {
    aud: "https://storage.azure.com",
    iss: "https://sts.windows.net/t1/",
    nbf: seconds - 300,
    iat: seconds - 300,
    exp: seconds + 3_600,
    oid: "o1",
    tid: "t1",
  };
  const part = (of: object) => Buffer.from(JSON.stringify(of)).toString("base64url");
  return `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.${Buffer.from("unchecked").toString("base64url")}`;
}

export async function startAzurite() {
  const program = install();
  const folder = mkdtempSync(path.join(os.tmpdir(), "reeve-azurite-"));
  const openssl = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", [...openssl, "-keyout", "key.pem", "-out", "cert.pem"], { cwd: folder, stdio: "pipe" });
  const port = await freePort();
  const url = `https://127.0.0.1:${port}/${ACCOUNT}`;
  const ask = (
    method: string,
    to: string,
    headers: Record<string, string> = {},
    body: string | Buffer = "",
  ): Promise<{ status: number; code: string; text: string }> =>
    new Promise((resolve, reject) => {
      const all = { "x-ms-version": "2023-11-03", "content-length": String(Buffer.byteLength(body)), ...headers };
      const request = https.request(`${url}${to}`, { method, headers: all, rejectUnauthorized: false, agent: false }, (response) => {
        let text = "";
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, code: String(response.headers["x-ms-error-code"] ?? ""), text }));
      });
      request.on("error", reject).end(body);
    });
  const args = [
    ...[program, "--silent", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck"],
    ...["--blobHost", "127.0.0.1", "--blobPort", String(port), "--oauth", "basic", "--cert", "cert.pem", "--key", "key.pem"],
  ];
  const isReady = () => ask("GET", "/").then(Boolean);
  const stop = await startPeer("Azurite", [{ program: process.execPath, args, cwd: folder }], { isReady, seconds: 60, folder });
  return { url, ask, stop };
}
