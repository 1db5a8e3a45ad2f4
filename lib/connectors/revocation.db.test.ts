import { spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { drainOutbox } from "@/lib/jobs/outbox";
import { type CallContext, execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
// @ts-expect-error plain JavaScript
import { bundle, ROOT } from "../../scripts/bundle.mjs";
import { deleteConnector } from "./delete-connector";
import { getConnectorPage } from "./get-connector-page";
import { issueCredential } from "./issue-credential";
import { listConnectorIssues } from "./list-connector-issues";
import { registerConnector } from "./register-connector";
import { askRevocation, revokeCredential } from "./revoke-credential";

// A revocation that is cut off anywhere: what was asked is on record, and is finished.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
let acme: TestOrganization;
let admin: CallContext;
let peer: http.Server;
let url = "";
let connectorId = "";
/** The tokens that the other side was told to end, and what it answers. */
const ended: string[] = [];
let answer: "ends" | "refuses" | "hangs" = "ends";

beforeAll(async () => {
  acme = await makeTestOrganization();
  admin = callAs(acme.people["workspace-admin"], acme.own.workspace);
  await asOwner(db.ownerUrl, "update workspace set allow_networks = '{127.0.0.0/8}' where id = $1", [acme.own.workspace.id]);
  peer = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const json = (value: unknown, status = 200) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
      if (request.url === "/.well-known/oauth-authorization-server") return json({ token_endpoint: `${url}/token`, revocation_endpoint: `${url}/revoke` });
      if (request.url === "/token") return json({ access_token: `canary-token-${newId()}`, expires_in: 600 });
      if (request.url !== "/revoke") return json({});
      if (answer === "refuses") return json({ error: "invalid_client" }, 401);
      ended.push(new URLSearchParams(body).get("token") ?? "");
      if (answer === "ends") json({});
    });
  });
  await new Promise<void>((resolve) => peer.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(peer.address() as AddressInfo).port}`;
});
afterAll(() => peer.closeAllConnections());
afterAll(() => new Promise((resolve) => peer.close(resolve)));
beforeEach(async () => {
  answer = "ends";
  ended.length = 0;
  const configuration = { api_url: `${url}/api`, token_url: `${url}/token`, client_id: "c", client_secret: "s" };
  const wish = { name: `c-${newId()}`, type: "oauth2", method: "client-credentials", configuration };
  connectorId = (await registerConnector(admin, wish, { isLax: false, tries: "skip" })).id;
});

async function issued(): Promise<string> {
  await issueCredential(admin, { id: connectorId, resourceType: "oauth2-api", purpose: "client" });
  return (await row()).id;
}
async function row() {
  const found = await ask(listConnectorIssues, admin, { connectorId, conditions: [], sort: { field: "at", direction: "desc" } });
  return found.rows[0] as (typeof found.rows)[number];
}
const living = async () => (await ask(getConnectorPage, admin, { id: connectorId })).living;
async function drain(): Promise<void> {
  await asOwner(db.ownerUrl, "update outbox set available_at = clock_timestamp(), leased_until = null");
  while ((await drainOutbox()) > 0);
}
const left = () => asOwner(db.ownerUrl, "select id from outbox where topic = 'connector.revocation'");
const trail = () =>
  asOwner<{ action: string; actor: string | null; for: string | null; after: Record<string, unknown> }>(
    db.ownerUrl,
    "select action, actor_id as actor, on_behalf_of as for, after from audit_entry where target_id = $1 and action ~ 'revo' order by seq",
    [connectorId],
  );

it("killed after the other side ended it: that it was asked is on record, and the worker finishes it in the asker's name", { timeout: 120_000 }, async () => {
  const issueId = await issued();
  const outdir = path.join(ROOT, "dist", "run", `revoker-${process.pid}`);
  await bundle({ revoker: "lib/connectors/revoker.sample.ts" }, outdir);
  try {
    answer = "hangs";
    const args = ["--conditions", "react-server", path.join(outdir, "revoker.mjs"), JSON.stringify(admin), connectorId, issueId];
    const child = spawn(process.execPath, args, { env: process.env, stdio: "inherit" });
    const over = new Promise((resolve) => child.once("exit", resolve));
    await expect.poll(() => ended.length, { timeout: 60_000 }).toBe(1);
    child.kill("SIGKILL");
    await over;
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
  expect(await trail()).toMatchObject([{ action: "connector.revocation-asked", actor: admin.actor.id, after: { asked: issueId } }]);
  expect(await row()).toMatchObject({ revokingAt: expect.any(String), revokedAt: null });
  await expect(revokeCredential(admin, { id: connectorId, issueId })).rejects.toMatchObject({ code: "conflict", reason: "under_way" });
  answer = "ends";
  await drain();
  expect(ended[1], "the same token, once more").toBe(ended[0]);
  expect(await row()).toMatchObject({ revokingAt: null, revokedAt: expect.any(String), revokedBy: expect.any(String) });
  expect((await trail())[1]).toMatchObject({ action: "connector.credential-revoked", actor: null, for: admin.actor.id, after: { revoked: [issueId] } });
  expect([await living(), await left()]).toEqual([[], []]);
});

it("what nobody settled and the other side refuses lives on, with an entry; one that is away is waited for", async () => {
  const issueId = await issued();
  await execute(askRevocation, admin, { id: connectorId, issueId });
  const { port } = peer.address() as AddressInfo;
  await new Promise<void>((resolve) => {
    peer.closeAllConnections();
    peer.close(() => resolve());
  });
  await drain();
  expect([(await row()).revokingAt, (await left()).length], "it waits").toEqual([expect.any(String), 1]);
  await new Promise<void>((resolve) => peer.listen(port, "127.0.0.1", resolve));
  answer = "refuses";
  await drain();
  expect((await living()).map((one) => [one.id, one.revokingAt])).toEqual([[issueId, null]]);
  expect(await trail()).toMatchObject([
    { action: "connector.revocation-asked" },
    { action: "connector.revocation-failed", for: admin.actor.id, after: { asked: issueId, error: expect.stringContaining("refused") } },
  ]);
  expect(await left()).toEqual([]);
});

it("one that settled itself leaves the worker nothing, and a deleted connector ends what waits", async () => {
  const issueId = await issued();
  expect(await revokeCredential(admin, { id: connectorId, issueId })).toBe(1);
  await drain();
  expect(ended).toHaveLength(1);
  expect((await trail()).map((entry) => entry.action)).toEqual(["connector.revocation-asked", "connector.credential-revoked"]);
  const other = await issued();
  await execute(askRevocation, admin, { id: connectorId, issueId: other });
  await execute(deleteConnector, admin, { id: connectorId });
  await drain();
  expect((await trail()).at(-1)).toMatchObject({ action: "connector.revocation-failed", after: { asked: other } });
  expect(await left()).toEqual([]);
});
