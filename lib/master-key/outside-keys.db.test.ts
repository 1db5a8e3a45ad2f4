import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { drainOutbox } from "@/lib/jobs/outbox";
import { whySealed } from "@/lib/kernel/active-master-key";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import type { AppError } from "@/lib/kernel/errors";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { wholeReason } from "@/lib/kernel/sealed-error";
import { asOwner } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { createSecret } from "@/lib/secrets/create-secret";
import { readSecretByClient } from "@/lib/secrets/use-secret";
import { getMasterKeys } from "./get-master-keys";
import { unlock } from "./outside-keys";
import { rotateMasterKey } from "./rotate-master-key";

// A master key that an outside service seals: it is never on a disk, and without the service Reeve is sealed until it is back. The real
// services are asked in e2e/clients/master-key-outside.test.ts.

const db = useTestDatabase();
const OLD = Buffer.alloc(32, 1).toString("base64");
let acme: TestOrganization;
let folder: string;
let server: http.Server;
const state = { isAway: false, calls: 0 };

/** A new process: nothing is known but what it is given. */
function restart(values: { REEVE_MASTER_KEY?: string; isOutside: boolean }): void {
  process.env.REEVE_DATA = folder;
  process.env.REEVE_ALLOW_NETWORKS = "127.0.0.0/8";
  for (const [name, value] of Object.entries({
    REEVE_MASTER_KEY: values.REEVE_MASTER_KEY,
    REEVE_KMS_URL: values.isOutside ? `vault+http://127.0.0.1:${(server.address() as AddressInfo).port}/transit/reeve` : undefined,
    REEVE_KMS_TOKEN_FILE: values.isOutside ? path.join(folder, "token") : undefined,
  }))
    if (value) process.env[name] = value;
    else delete process.env[name];
  forgetEnvironment();
  forgetKeys();
  globalThis.reeveUnlock = unlock;
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-kms-"));
  fs.mkdirSync(path.join(folder, "keys"));
  fs.writeFileSync(path.join(folder, "token"), "good\n");
  server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      state.calls += 1;
      const { plaintext, ciphertext } = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
      const flipped = (text: string) => Buffer.from(Buffer.from(text, "base64").map((byte) => byte ^ 0x5a)).toString("base64");
      const isRefused = state.isAway || request.headers["x-vault-token"] !== "good";
      const data = plaintext ? { ciphertext: `vault:v1:${flipped(plaintext)}` } : { plaintext: flipped(ciphertext?.slice("vault:v1:".length) ?? "") };
      response.writeHead(isRefused ? 503 : 200, { "content-type": "application/json" }).end(JSON.stringify(isRefused ? {} : { data }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  restart({ REEVE_MASTER_KEY: OLD, isOutside: false });
  acme = await makeTestOrganization();
});
afterAll(() => {
  globalThis.reeveUnlock = undefined;
  server.close();
  fs.rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  Object.assign(state, { isAway: false, calls: 0 });
  for (const table of ["secret_version", "secret", "kept_key", "master_key", "outbox"]) await asOwner(db.ownerUrl, `delete from ${table}`);
});

const as = (role: keyof TestOrganization["people"]) => callAs(acme.people[role], acme.own.workspace);
const system = () => callAs(acme.people["system-admin"]);
const make = (name: string) => execute(createSecret, as("contributor"), { name, isPrivate: false, values: { key: `value of ${name}` } });
const read = async (id: string) => (await execute(readSecretByClient, as("contributor"), { id })).values.key;
async function settle(): Promise<void> {
  await asOwner(db.ownerUrl, "update outbox set available_at = clock_timestamp(), leased_until = null");
  while ((await drainOutbox()) > 0);
}

it("the first key of an installation is made and sealed by the service, and never lies on a disk", async () => {
  restart({ isOutside: true });
  const id = await make("first");
  restart({ isOutside: true });
  expect(await read(id)).toBe("value of first");
  expect(fs.readdirSync(path.join(folder, "keys"))).toEqual([]);
  const { keys } = await ask(getMasterKeys, system(), {});
  expect(keys).toMatchObject([{ state: "active", place: expect.stringContaining("transit key reeve at http://127.0.0.1") }]);
  const calls = state.calls;
  await read(id);
  expect(state.calls, "an open key is not asked for again").toBe(calls);
});

it("without the service Reeve is sealed and says why; it opens by itself when the service is back", async () => {
  restart({ isOutside: true });
  const id = await make("kept");
  restart({ isOutside: true });
  state.isAway = true;
  const refused = (await read(id).catch((error: unknown) => error)) as AppError;
  expect(refused).toMatchObject({ code: "sealed", fix: expect.stringContaining("by themselves") });
  for (const told of ["127.0.0.1", "transit", "503", folder, "token"])
    expect(`${refused.message} ${refused.fix}`, "an answer says nothing of the service").not.toContain(told);
  expect(wholeReason(refused)).toMatch(/transit key reeve at http:\/\/127\.0\.0\.1:\d+.*status 503/);
  expect((await ask(getMasterKeys, system(), {})).sealed, "those who look after the system read all of it").toBe(wholeReason(refused));
  const { grants } = acme.people["system-admin"];
  const reader = { ...acme.people["system-admin"], grants: grants.map((grant) => ({ ...grant, role: "reader", rights: { "system:read": "any" as const } })) };
  expect((await ask(getMasterKeys, callAs(reader), {})).sealed).toBe(refused.message);
  await expect(make("never")).rejects.toMatchObject({ code: "sealed" });
  expect(await inScope([], whySealed)).toMatchObject({ code: "sealed", message: refused.message });
  restart({ isOutside: true });
  fs.rmSync(path.join(folder, "token"));
  const unsaid = (await read(id).catch((error: unknown) => error)) as AppError;
  expect([unsaid.message, unsaid.fix]).toEqual([refused.message, refused.fix]);
  expect(wholeReason(unsaid)).toContain(path.join(folder, "token"));
  fs.writeFileSync(path.join(folder, "token"), "good\n");
  state.isAway = false;
  expect(await read(id)).toBe("value of kept");
  expect(await inScope([], whySealed)).toBeUndefined();
});

it("a key that is read from elsewhere is left for it online, and the other way round", async () => {
  restart({ REEVE_MASTER_KEY: OLD, isOutside: false });
  const id = await make("moved");
  restart({ REEVE_MASTER_KEY: OLD, isOutside: true });
  await execute(rotateMasterKey, system(), {});
  expect(await read(id)).toBe("value of moved");
  await settle();
  restart({ isOutside: true });
  expect(await read(id)).toBe("value of moved");
  expect((await ask(getMasterKeys, system(), {})).move).toBeNull();
  await execute(rotateMasterKey, system(), {}); // to another key of the service
  await settle();
  const back = Buffer.alloc(32, 3).toString("base64");
  restart({ REEVE_MASTER_KEY: back, isOutside: true });
  await read(id);
  await execute(rotateMasterKey, system(), {});
  await settle();
  restart({ REEVE_MASTER_KEY: back, isOutside: false });
  expect(await read(id)).toBe("value of moved");
});

it("a rotation without the service changes nothing", async () => {
  restart({ isOutside: true });
  const id = await make("still");
  state.isAway = true;
  await expect(execute(rotateMasterKey, system(), {})).rejects.toMatchObject({ code: "sealed" });
  expect(await asOwner(db.ownerUrl, "select id from master_key")).toHaveLength(1);
  expect(await read(id)).toBe("value of still");
});
