import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { type CallContext, execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { makeThings } from "@/lib/kernel/test-things";
import { listDeletedSecrets } from "@/lib/secrets/list-deleted-secrets";
import { deleteConnector } from "./delete-connector";
import { getConnectorPage } from "./get-connector-page";
import { issueCredential } from "./issue-credential";
import { listConnectorIssues } from "./list-connector-issues";
import { registerConnector } from "./register-connector";
import { recordRevocation, revokeCredential } from "./revoke-credential";
import { dropRotation, rotateKeys, tryNext } from "./rotate-keys";
import { updateConnector } from "./update-connector";
import { forgetEndedTokens } from "./forget-tokens";
import { inScope } from "@/lib/kernel/transaction";

// What becomes of issued credentials: they are renewed, shortened by the other side, and ended before their time, each seen in the ledger.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
let acme: TestOrganization;
let admin: CallContext;
let contributor: CallContext;
let peer: http.Server;
let url = "";
/** What the other side was asked, and the inline policy of its role. */
const asked: Record<string, string>[] = [];
let rolePolicy: string | null = null;
let mayChangeRole = true;
let isRevocable = true;
let refusedSecret = "";
/** How far the other side's clock runs ahead of ours, in milliseconds. */
let ahead = 0;

const until = () => new Date(Date.now() + 3_600_000).toISOString();
const error = (code: string, message: string) => `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

function aws(of: Record<string, string>): [number, string] {
  if (of.Action === "GetRolePolicy")
    return rolePolicy ? [200, `<R><PolicyDocument>${encodeURIComponent(rolePolicy)}</PolicyDocument></R>`] : [404, error("NoSuchEntity", "no such policy")];
  if (of.Action === "PutRolePolicy") {
    if (!mayChangeRole) return [403, error("AccessDenied", "no")];
    rolePolicy = of.PolicyDocument ?? "";
    return [200, "<R></R>"];
  }
  if (of.Action === "AssumeRole" && Number(of.DurationSeconds) > 3_600)
    return [400, error("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")];
  const keys = `<Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${until()}</Expiration></Credentials>`;
  return [200, `<R><Arn>arn:aws:sts::123456789012:assumed-role/lake/x</Arn><Account>123456789012</Account>${keys}</R>`];
}

beforeAll(async () => {
  acme = await makeTestOrganization();
  admin = callAs(acme.people["workspace-admin"], acme.own.workspace);
  contributor = callAs(acme.people.contributor, acme.own.workspace);
  await asOwner(db.ownerUrl, "update workspace set allow_networks = '{127.0.0.0/8}' where id = $1", [acme.own.workspace.id]);
  peer = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const of = Object.fromEntries(new URLSearchParams(body));
      const basic = Buffer.from((request.headers.authorization ?? "").replace("Basic ", ""), "base64").toString();
      asked.push({ path: request.url ?? "", basic: decodeURIComponent(basic.slice(2).replaceAll("+", " ")), ...of });
      const json = (value: unknown, status = 200) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
      if (request.url === "/.well-known/oauth-authorization-server")
        return isRevocable ? json({ token_endpoint: `${url}/token`, revocation_endpoint: `${url}/revoke` }) : json({}, 404);
      if (request.url === "/token" && asked.at(-1)?.basic === refusedSecret) return json({ error: "invalid_client" }, 401);
      if (request.url === "/token") return json({ access_token: `canary-token-${newId()}`, expires_in: 600 });
      if (request.url === "/revoke" || request.url === "/api") return json({});
      if (request.method !== "POST") return json({}, 404);
      const [status, text] = aws(of);
      response.writeHead(status, { date: new Date(Date.now() + ahead).toUTCString() }).end(text);
    });
  });
  await new Promise<void>((resolve) => peer.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(peer.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => peer.close(resolve)));

const register = async (type: string, method: string, configuration: object) =>
  (await registerConnector(admin, { name: `c-${newId()}`, type, method, configuration: { ...configuration } }, { isLax: false, tries: "skip" })).id;
const role = () =>
  register("aws", "iam-role", {
    aws_access_key_id: "AKIA",
    aws_secret_access_key: "key",
    region: "us-east-1",
    role_arn: "arn:aws:iam::123456789012:role/team/lake",
    endpoint_url: url,
  });
const api = () => register("oauth2", "client-credentials", { api_url: `${url}/api`, token_url: `${url}/token`, client_id: "c", client_secret: "s" });
const issue = (context: CallContext, id: string, resourceType: string, lifetime?: number) =>
  issueCredential(context, { id, resourceType, lifetime, purpose: "client" });
const ledger = async (id: string) => (await ask(listConnectorIssues, admin, { connectorId: id, conditions: [], sort: { field: "at", direction: "asc" } })).rows;
const living = async (id: string) => (await ask(getConnectorPage, admin, { id })).living;

describe("a credential", () => {
  it("of a role with a shorter life than asked is had with the life that the role allows, and the ledger says so", async () => {
    const id = await role();
    const { isCapped } = await issue(admin, id, "aws-generic", 12 * 3_600);
    expect(isCapped).toBe(true);
    expect(asked.filter((one) => one.Action === "AssumeRole").map((one) => Number(one.DurationSeconds) / 3_600)).toEqual([12, 8, 4, 2, 1]);
    expect(await ledger(id)).toMatchObject([{ outcome: "issued", isCapped: true, peerLimitSeconds: 3_600 }]);
  });

  it("of a role is ended by a policy of the role for one name, with those that can't be told apart; others live on", async () => {
    const id = await role();
    for (const context of [admin, admin, contributor]) await issue(context, id, "aws-generic");
    const [first, second, other] = await ledger(id);
    expect(first?.ending).toBe(second?.ending);
    await expect(revokeCredential(contributor, { id, issueId: first?.id ?? "" })).rejects.toMatchObject({ code: "forbidden" });
    const { name } = await ask(getConnectorPage, admin, { id });
    await expect(revokeCredential(admin, { id, issueId: first?.id ?? "", typedName: "other" })).rejects.toMatchObject({ code: "invalid_input" });
    mayChangeRole = false;
    await expect(revokeCredential(admin, { id, issueId: first?.id ?? "" })).rejects.toThrow("iam:PutRolePolicy");
    expect(await living(id), "what could not be ended lives").toHaveLength(3);
    mayChangeRole = true;
    expect(await revokeCredential(admin, { id, issueId: first?.id ?? "", typedName: name })).toBe(2);
    expect((await living(id)).map((row) => row.id)).toEqual([other?.id]);
    expect(asked.find((one) => one.Action === "PutRolePolicy")).toMatchObject({ RoleName: "lake", PolicyName: "ReeveRevokedSessions" });
    const [statement] = (JSON.parse(rolePolicy ?? "{}") as { Statement: { Effect: string; Condition: Record<string, Record<string, string>> }[] }).Statement;
    expect(statement?.Effect).toBe("Deny");
    expect(statement?.Condition.StringLike?.["aws:userid"]).toBe(`*:${admin.actor.id}@reeve`);
    await expect(revokeCredential(admin, { id, issueId: first?.id ?? "" })).rejects.toMatchObject({ code: "conflict" });
    expect(await revokeCredential(admin, { id, issueId: other?.id ?? "" })).toBe(1);
    expect(JSON.parse(rolePolicy ?? "{}"), "the earlier one stays").toMatchObject({ Statement: [{}, {}] });
    const late = { id, issueId: other?.id ?? "" };
    expect(await execute(recordRevocation, admin, late), "it ended while the other side was asked: that is an entry too").toBe(0);
    const trail = await asOwner<{ count: number }>(
      db.ownerUrl,
      "select count(*)::int as count from audit_entry where target_id = $1 and action = 'connector.credential-revoked' and outcome = 'allowed'",
      [id],
    );
    expect(trail).toEqual([{ count: 3 }]);
  });

  it("of a role is ended where the other side's clock runs ahead of ours: its sessions began in its time", async () => {
    const id = await role();
    ahead = 90_000;
    try {
      await issue(admin, id, "aws-generic");
      const [one] = await ledger(id);
      expect(await revokeCredential(admin, { id, issueId: one?.id ?? "" })).toBe(1);
    } finally {
      ahead = 0;
    }
    const { Statement } = JSON.parse(rolePolicy ?? "{}") as { Statement: { Condition: Record<string, Record<string, string>> }[] };
    const ends = Statement.map((statement) => Date.parse(statement.Condition.DateLessThanEquals?.["aws:TokenIssueTime"] ?? ""));
    expect(Math.max(...ends) - Date.now()).toBeGreaterThan(85_000);
  });

  it("of an API is kept sealed to be revoked (RFC 7009) and forgotten with its end; where there is no endpoint it can't be", async () => {
    const id = await api();
    const kept = () => asOwner<{ name: string; kind: string }>(db.ownerUrl, "select name, kind from secret where name like 'credential %'", []);
    await issue(admin, id, "oauth2-api");
    await issue(admin, id, "oauth2-api");
    const [first, second] = await ledger(id);
    expect(await kept()).toEqual([first, second].map((row) => ({ name: `credential ${row?.id}`, kind: "connector" })));
    expect(await revokeCredential(admin, { id, issueId: first?.id ?? "" })).toBe(1);
    expect(asked.at(-1)).toMatchObject({ path: "/revoke", token: expect.stringMatching(/^canary-token-/), token_type_hint: "access_token" });
    await asOwner(db.ownerUrl, "update connector_issue set expires_at = now() - interval '1 minute' where id = $1", [second?.id]);
    await inScope([acme.own.workspace.id], forgetEndedTokens);
    expect(await kept()).toEqual([]);
    isRevocable = false;
    await issue(admin, id, "oauth2-api");
    isRevocable = true;
    const last = (await ledger(id)).at(-1);
    expect(last?.ending).toBeNull();
    await expect(revokeCredential(admin, { id, issueId: last?.id ?? "" })).rejects.toMatchObject({ code: "conflict", reason: "cannot_be_revoked" });
  });

  it("is renewed by its run while that goes on and no longer, and the ledger links what took whose place", async () => {
    const id = await role();
    const things = await makeThings(acme.own, acme.people["workspace-admin"].id);
    const own = (text: string, values: unknown[]) => asOwner(db.ownerUrl, text, values);
    await own("update component set connector_id = $1 where id = $2", [id, things.componentId]);
    await own("insert into stack_component (workspace_id, stack_id, component_id) select workspace_id, stack_id, $2 from run where id = $1", [
      things.runId,
      things.componentId,
    ]);
    await own("update run set in_progress = true, end_time = null where id = $1", [things.runId]);
    const { actor } = admin;
    const workload = { runId: things.runId, projectId: acme.own.projectId, workspaceId: acme.own.workspace.id };
    const run = { ...admin, actor: { ...actor, credential: { kind: "workload" as const, id: things.runId, label: "run" }, workload } };
    await issue(run, id, "aws-generic");
    await issue(run, id, "aws-generic");
    await own("update connector_issue set issued_at = now() - interval '50 minutes', expires_at = now() + interval '10 minutes' where connector_id = $1", [id]);
    await issue(run, id, "aws-generic");
    const rows = await ledger(id);
    expect(rows.map((row) => row.run?.isExact)).toEqual([true, true, true]);
    expect(rows.filter((row) => row.renews).length).toBe(1);
    expect(rows.slice(0, 2).map((row) => row.id)).toContain(rows.at(-1)?.renews);
    await own("update run set in_progress = false, end_time = now() where id = $1", [things.runId]);
    await expect(issue(run, id, "aws-generic")).rejects.toMatchObject({ code: "forbidden" });
    expect((await ledger(id)).at(-1)).toMatchObject({ outcome: "refused", run: { id: things.runId } });
  });
});

it("a run that is inferred stays named when its component is disconnected, leaves the stack, and the stack is deleted", async () => {
  const id = await role();
  const things = await makeThings(acme.own, acme.people["workspace-admin"].id);
  const own = (text: string, values: unknown[]) => asOwner(db.ownerUrl, text, values);
  const [row] = (await own("select stack_id from run where id = $1", [things.runId])) as { stack_id: string }[];
  await own("update component set connector_id = $1 where id = $2", [id, things.componentId]);
  await own("insert into stack_component (workspace_id, stack_id, component_id) values ($1, $2, $3)", [
    acme.own.workspace.id,
    row?.stack_id,
    things.componentId,
  ]);
  await own("update run set in_progress = true, end_time = null, credential_id = $2 where id = $1", [things.runId, admin.actor.credential.id]);
  await issue(admin, id, "aws-generic");
  const named = async () => (await ledger(id)).map((one) => [one.run?.id, one.run?.isExact]);
  expect(await named()).toEqual([[things.runId, false]]);
  for (const [text, ...values] of [
    ["update component set connector_id = null where id = $1", things.componentId],
    ["delete from stack_component where component_id = $1", things.componentId],
    ["delete from stack where id = $1", row?.stack_id],
  ] as const) {
    await own(text, values);
    expect(await named(), text).toEqual([[things.runId, false]]);
  }
});

describe("a rotation of main keys", () => {
  const versions = (id: string) =>
    asOwner<{ version: number; kept: boolean }>(
      db.ownerUrl,
      "select v.version, v.sealed is not null as kept from secret_version v join connector c on c.secret_id = v.secret_id where c.id = $1 order by 1",
      [id],
    );
  const lastSecret = () => asked.filter((one) => one.path === "/token").at(-1)?.basic;

  it("keeps both until the new ones are accepted; then those hold, and the old ones are gone", async () => {
    const id = await api();
    const next = "a new secret";
    refusedSecret = next;
    expect(await rotateKeys(admin, { id, keys: { client_secret: next } })).toMatchObject({ isAccepted: false, error: expect.stringContaining("refused") });
    expect(lastSecret()).toBe(next);
    expect(await versions(id)).toEqual([
      { version: 1, kept: true },
      { version: 2, kept: true },
    ]);
    await issue(admin, id, "oauth2-api");
    expect([lastSecret(), (await ledger(id)).at(-1)?.keysVersion]).toEqual(["s", 1]);
    expect(await ask(getConnectorPage, admin, { id })).toMatchObject({ keysVersion: 1, next: { error: expect.stringContaining("refused") } });
    await expect(rotateKeys(admin, { id, keys: { client_secret: "another" } })).rejects.toMatchObject({ code: "conflict" });
    await expect(updateConnector(admin, { id, configuration: { client_secret: "another" } }, { isLax: true, tries: "skip" })).rejects.toMatchObject({
      code: expect.stringMatching(/conflict|bad_request/),
    });
    refusedSecret = "";
    expect(await tryNext(admin, id)).toEqual({ isAccepted: true, error: null });
    expect(await versions(id)).toEqual([
      { version: 1, kept: false },
      { version: 2, kept: true },
    ]);
    await issue(admin, id, "oauth2-api");
    expect([lastSecret(), (await ledger(id)).at(-1)?.keysVersion]).toEqual([next, 2]);
    await expect(tryNext(admin, id)).rejects.toMatchObject({ code: "conflict" });
    const trail = await asOwner<{ action: string }>(
      db.ownerUrl,
      "select action from audit_entry where target_id = $1 and action ~ 'rotation|keys-tried' order by seq",
      [id],
    );
    expect(trail.map((entry) => entry.action)).toEqual(["connector.rotation-begun", "connector.keys-tried", "connector.keys-tried"]);
  });

  it("is dropped with the new keys alone, has the new end once it holds, and is refused to who may not change the connector", async () => {
    const id = await api();
    refusedSecret = "wrong";
    await rotateKeys(admin, { id, keys: { client_secret: "wrong" } });
    await execute(dropRotation, admin, { id });
    refusedSecret = "";
    expect(await versions(id)).toEqual([
      { version: 1, kept: true },
      { version: 2, kept: false },
    ]);
    const expiresAt = new Date(Date.now() + 90 * 86_400_000).toISOString();
    expect(await rotateKeys(admin, { id, keys: { client_secret: "right" }, expiresAt })).toMatchObject({ isAccepted: true });
    expect((await versions(id)).map(({ kept }) => kept)).toEqual([false, false, true]);
    expect(Date.parse((await ask(getConnectorPage, admin, { id })).expiresAt ?? "")).toBe(Date.parse(expiresAt));
    await expect(rotateKeys(contributor, { id, keys: { client_secret: "x" } })).rejects.toMatchObject({ code: "forbidden" });
    await expect(rotateKeys(admin, { id, keys: { client_secret: "right" } })).rejects.toMatchObject({ code: "bad_request" });
    await expect(rotateKeys(admin, { id, keys: { client_secret: "new", token_url: `${url}/elsewhere` } })).rejects.toMatchObject({
      code: expect.stringMatching(/bad_request|forbidden/),
    });
  });

  it("end with their connector for good, those that wait too, and stand in no list of deleted secrets", async () => {
    const id = await api();
    refusedSecret = "waits";
    await rotateKeys(admin, { id, keys: { client_secret: "waits" } });
    refusedSecret = "";
    const [secret] = await asOwner<{ id: string }>(db.ownerUrl, "select secret_id as id from connector where id = $1", [id]);
    await execute(deleteConnector, admin, { id });
    const kept = await asOwner(db.ownerUrl, "select version from secret_version where secret_id = $1 and (sealed is not null or destroyed_at is null)", [
      secret?.id,
    ]);
    expect(kept).toEqual([]);
    expect((await ask(listDeletedSecrets, admin, {})).rows.filter((row) => row.id === secret?.id)).toEqual([]);
  });
});
