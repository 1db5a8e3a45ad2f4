import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { createSecret } from "./create-secret";
import { deleteSecret, destroySecret, undeleteSecret } from "./delete-secret";
import { getSecretPage } from "./get-secret-page";
import { redactorOf } from "./known-secrets";
import { listDeletedSecrets } from "./list-deleted-secrets";
import { listSecretRows } from "./list-secret-rows";
import { listSecretUses } from "./list-secret-uses";
import { listSecretVersions } from "./list-secret-versions";
import { restoreVersion } from "./restore-version";
import type { SecretVersionsPage } from "./row-schema";
import { updateSecret } from "./update-secret";
import { readSecretByClient, revealSecret } from "./use-secret";

// What the pages of secrets are drawn from: to whom, in which order, and that no value is in any of it.

const db = useTestDatabase();
let acme: TestOrganization;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
});

type Role = keyof TestOrganization["people"];
const as = (role: Role) => callAs(acme.people[role], acme.own.workspace);
/** As a form sends it: everything is text. */
const make = (name: string, values: Record<string, string>, { isPrivate = false, role = "contributor" as Role, expiresAt = "" } = {}) =>
  execute(createSecret, as(role), { name, isPrivate: String(isPrivate), values: JSON.stringify(values), description: "What it opens.", expiresAt });
const byName = { conditions: [], sort: { field: "name", direction: "asc" as const } };
const newest = { conditions: [], sort: { field: "at", direction: "desc" as const } };
const reveal = (id: string, reason: string, role: Role = "contributor") => execute(revealSecret, as(role), { id, reason });

it("logs hide what a rotation wrote that began before another one and was kept after it", async () => {
  const [slow, quick] = [await make("race-slow", { key: "canary-slow-1" }), await make("race-quick", { key: "canary-quick-1" })];
  const workspaceId = acme.own.workspace.id;
  const hidden = async (text: string) => (await inScope([workspaceId], (tx) => redactorOf(tx, workspaceId))).redact(text);
  const within = async () => {
    await execute(updateSecret, as("contributor"), { id: quick, patch: { key: "canary-quick-2" } });
    expect(await hidden("canary-quick-2")).toBe("█ secret:race-quick.key");
  };
  await execute(updateSecret, as("contributor"), { id: slow, patch: { key: "canary-slow-2" } }, { within });
  expect(await hidden("canary-slow-2")).toBe("█ secret:race-slow.key");
});

it("the list has facts of each secret that the reader may know of, filtered, sorted and page by page", async () => {
  await make("list-a", { one: "canary-1", two: "canary-2" }, { expiresAt: "2031-01-01T00:00:00Z" });
  await make("list-b", { one: "canary-3" });
  await make("list-c", { one: "canary-4" }, { isPrivate: true });
  const mine = [{ field: "name", op: "startswith" as const, value: "list-" }];
  const names = async (role: Role, more: object = {}) =>
    (await ask(listSecretRows, as(role), { ...byName, conditions: mine, ...more })).rows.map((row) => row.name);
  expect(await names("contributor")).toEqual(["list-a", "list-b", "list-c"]);
  for (const role of ["workspace-admin", "viewer", "auditor"] as const) expect(await names(role)).toEqual(["list-a", "list-b"]);
  const only = (field: string, op: string, value: string) => names("contributor", { conditions: [...mine, { field, op, value }] });
  expect(await only("scope", "equals", "private")).toEqual(["list-c"]);
  expect(await only("keys", "gte", "2")).toEqual(["list-a"]);
  expect(await only("used", "isnull", "")).toEqual(["list-a", "list-b", "list-c"]);
  expect(await only("expires", "isnotnull", "")).toEqual(["list-a"]);
  const first = await ask(listSecretRows, as("contributor"), { ...byName, conditions: mine, limit: 2 });
  expect(first.total).toEqual({ count: 3, isExact: true });
  expect(await names("contributor", { limit: 2, after: first.next ?? "" })).toEqual(["list-c"]);
  await expect(ask(listSecretRows, as("viewer"), { ...byName, conditions: mine, limit: 2, after: first.next ?? "" })).rejects.toMatchObject({
    code: "bad_request",
  });
  expect(first.rows[0]).toMatchObject({ kind: "generic", scope: "workspace", keys: 2, version: 1, lastUsedAt: null });
  expect(JSON.stringify(first)).not.toContain("canary-");
});

it.each(["kind", "scope", "keys", "version", "owner", "used", "rotated", "expires", "created"])("the list is sorted by %s", async (field) => {
  const { rows } = await ask(listSecretRows, as("contributor"), { conditions: [], sort: { field, direction: "desc" } });
  expect(rows.length).toBeGreaterThan(0);
});

it("a page has keys, versions and the number of uses; a rotation as a form sends it adds and takes away keys", async () => {
  const id = await make("paged", { user: "canary-a", token: "canary-b", old: "canary-c" });
  const { updatedAt } = await ask(getSecretPage, as("viewer"), { id });
  await execute(updateSecret, as("contributor"), { id, basedOn: updatedAt, patch: JSON.stringify({ token: "canary-d", old: null, extra: "canary-e" }) });
  const stale = execute(updateSecret, as("contributor"), { id, basedOn: updatedAt, patch: JSON.stringify({ token: "canary-f" }) });
  await expect(stale).rejects.toMatchObject({ code: "conflict" });
  expect((await execute(readSecretByClient, as("contributor"), { id })).values).toEqual({ user: "canary-a", token: "canary-d", extra: "canary-e" });
  const secret = await ask(getSecretPage, as("viewer"), { id });
  expect(secret).toMatchObject({ name: "paged", description: "What it opens.", version: 2, keys: ["user", "token", "extra"], uses: 1, scope: "workspace" });
  expect(secret.versions.map((row) => [row.version, row.keys, row.destroyedAt])).toEqual([
    [2, ["user", "token", "extra"], null],
    [1, ["user", "token", "old"], null],
  ]);
  expect(secret.lastUsedAt).not.toBeNull();
  expect(JSON.stringify(secret)).not.toContain("canary-");
});

it("what was destroyed says so", async () => {
  const id = await make("gone", { a: "1" });
  await execute(deleteSecret, as("contributor"), { id });
  await execute(destroySecret, as("contributor"), { id, typedName: "gone" });
  await expect(ask(getSecretPage, as("contributor"), { id })).rejects.toMatchObject({ code: "not_found" });
  await execute(undeleteSecret, as("contributor"), { id });
  expect((await ask(getSecretPage, as("contributor"), { id })).versions[0]?.destroyedAt).not.toBeNull();
});

it("uses are listed with who, what for and the request, the newest first and page by page", async () => {
  const id = await make("used", { a: "canary-use" });
  await execute(readSecretByClient, as("contributor"), { id });
  await reveal(id, "The lake refused its key.");
  await reveal(id, "Looking after the lake.", "workspace-admin");
  const first = await ask(listSecretUses, as("viewer"), { ...newest, secretId: id, limit: 2 });
  expect(first.rows.map((row) => [row.purpose, row.reason, row.version])).toEqual([
    ["reveal", "Looking after the lake.", 1],
    ["reveal", "The lake refused its key.", 1],
  ]);
  const rest = await ask(listSecretUses, as("viewer"), { ...newest, secretId: id, limit: 2, after: first.next ?? "" });
  expect(rest.rows.map((row) => [row.purpose, row.reason])).toEqual([["client", null]]);
  expect(rest.next).toBeNull();
  const [entry] = await asOwner<{ request_id: string }>(db.ownerUrl, "select request_id from audit_entry where action = 'secret.read' and target_id = $1", [
    id,
  ]);
  expect(rest.rows[0]?.requestId).toBe(entry?.request_id);
  const reasons = await ask(listSecretUses, as("viewer"), { ...newest, secretId: id, conditions: [{ field: "reason", op: "contains", value: "lake" }] });
  expect(reasons.rows).toHaveLength(2);
  expect(JSON.stringify([first, rest])).not.toContain("canary-");
});

it("the page and the uses of a private secret are there for its owner only", async () => {
  const id = await make("hidden", { a: "1" }, { isPrivate: true });
  expect((await ask(getSecretPage, as("contributor"), { id })).scope).toBe("private");
  for (const role of ["workspace-admin", "system-admin", "auditor", "viewer"] as const) {
    await expect(ask(getSecretPage, as(role), { id })).rejects.toMatchObject({ code: "not_found" });
    await expect(ask(listSecretUses, as(role), { ...newest, secretId: id })).rejects.toMatchObject({ code: "not_found" });
  }
});

it.each([
  ["a reason that is too short", { reason: "too short" }, "reason"],
  ["no reason", { reason: "" }, "reason"],
])("%s reveals nothing", async (_what, input, field) => {
  const id = await make(`reason-${input.reason.length}`, { a: "1" });
  const error = await execute(revealSecret, as("contributor"), { id, ...input }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "invalid_input", fields: { [field]: expect.any(String) } });
  expect((await ask(getSecretPage, as("contributor"), { id })).uses).toBe(0);
});

it("an earlier version is written again as the newest, by who may change the secret; a destroyed one and the current one are refused", async () => {
  const id = await make("restored", { a: "one", b: "canary" });
  await execute(updateSecret, as("contributor"), { id, patch: { a: "two", b: null } });
  const restore = (version: string, role: Role = "contributor") => execute(restoreVersion, as(role), { id, version });
  await expect(restore("1", "viewer")).rejects.toMatchObject({ code: "forbidden" });
  await expect(restore("2")).rejects.toMatchObject({ code: "conflict" });
  await expect(restore("9")).rejects.toMatchObject({ code: "not_found" });
  expect(await restore("1")).toEqual({ id, version: 3 });
  expect((await execute(readSecretByClient, as("contributor"), { id })).values).toEqual({ a: "one", b: "canary" });
  const { rows } = await ask(listSecretVersions, as("viewer"), { id });
  expect(rows.map(({ version, keys, restoredFrom }) => [version, keys.join(), restoredFrom])).toEqual([
    [3, "a,b", 1],
    [2, "a", null],
    [1, "a,b", null],
  ]);
  expect(JSON.stringify(rows)).not.toContain("canary");
});

it("SEC-12: 10,000 versions are read in pages, each once", async () => {
  const id = await make("much-rotated", { a: "1" });
  await asOwner(
    db.ownerUrl,
    `insert into secret_version (secret_id, version, workspace_id, key_names, master_key_id, wrapped_key, sealed, commitment, created_by, request_id)
     select secret_id, at, workspace_id, key_names, master_key_id, wrapped_key, sealed, commitment, created_by, request_id
     from secret_version, generate_series(2, 10000) at where secret_id = $1`,
    [id],
  );
  await asOwner(db.ownerUrl, "update secret set version = 10000 where id = $1", [id]);
  const seen: number[] = [];
  for (let before: number | null = null, more = true; more; ) {
    const found: SecretVersionsPage = await ask(listSecretVersions, as("viewer"), { id, before });
    expect(found.total).toBe(10_000);
    seen.push(...found.rows.map((row) => row.version));
    before = found.olderThan;
    more = before !== null;
  }
  expect(seen).toEqual(Array.from({ length: 10_000 }, (_, at) => 10_000 - at));
});

it("deleted secrets are listed to those who may know of them, and change through the form keeps what it does not send", async () => {
  const ids = [await make("gone-a", { a: "canary" }), await make("gone-b", { a: "canary" }, { isPrivate: true })];
  await execute(updateSecret, as("contributor"), { id: ids[0], description: "Said anew.", isPrivate: "false", basedOn: undefined });
  expect(await ask(getSecretPage, as("viewer"), { id: ids[0] })).toMatchObject({ description: "Said anew.", scope: "workspace", version: 1 });
  for (const id of ids) await execute(deleteSecret, as("contributor"), { id });
  const names = async (role: Role) => (await ask(listDeletedSecrets, as(role), {})).rows.map((row) => row.name).filter((name) => name.startsWith("gone-"));
  expect(await names("contributor")).toEqual(["gone-b", "gone-a"]);
  expect(await names("viewer")).toEqual(["gone-a"]);
  await execute(destroySecret, as("contributor"), { id: ids[0], typedName: "gone-a" });
  const [gone] = (await ask(listDeletedSecrets, as("contributor"), {})).rows.filter((row) => row.name === "gone-a");
  expect(gone).toMatchObject({ open: 0, versions: 1, by: { kind: "user" } });
  await execute(undeleteSecret, as("contributor"), { id: ids[1] });
  expect(await names("contributor")).toEqual(["gone-a"]);
});
