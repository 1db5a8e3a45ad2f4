import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { createSecret } from "./create-secret";
import { deleteSecret, destroySecret, undeleteSecret } from "./delete-secret";
import { getSecretPage } from "./get-secret-page";
import { listSecretRows } from "./list-secret-rows";
import { listSecretUses } from "./list-secret-uses";
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
  expect(await only("visibility", "equals", "private")).toEqual(["list-c"]);
  expect(await only("keys", "gte", "2")).toEqual(["list-a"]);
  expect(await only("used", "isnull", "")).toEqual(["list-a", "list-b", "list-c"]);
  expect(await only("expires", "isnotnull", "")).toEqual(["list-a"]);
  const first = await ask(listSecretRows, as("contributor"), { ...byName, conditions: mine, limit: 2 });
  expect(first.total).toEqual({ count: 3, isExact: true });
  expect(await names("contributor", { limit: 2, after: first.next ?? "" })).toEqual(["list-c"]);
  await expect(ask(listSecretRows, as("viewer"), { ...byName, conditions: mine, limit: 2, after: first.next ?? "" })).rejects.toMatchObject({
    code: "bad_request",
  });
  expect(first.rows[0]).toMatchObject({ kind: "generic", isPrivate: false, keys: 2, version: 1, lastUsedAt: null });
  expect(JSON.stringify(first)).not.toContain("canary-");
});

it.each(["kind", "visibility", "keys", "version", "owner", "used", "rotated", "expires", "created"])("the list is sorted by %s", async (field) => {
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
  expect(secret).toMatchObject({ name: "paged", description: "What it opens.", version: 2, keys: ["user", "token", "extra"], uses: 1, isPrivate: false });
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
  expect((await ask(getSecretPage, as("contributor"), { id })).isPrivate).toBe(true);
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
