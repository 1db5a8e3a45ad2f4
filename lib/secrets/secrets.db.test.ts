import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { createComponent } from "@/lib/components/create-component";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import type { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { firstMasterKey } from "@/lib/kernel/master-keys";
import { ask } from "@/lib/kernel/query";
import { tries } from "@/lib/kernel/soak";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { createSecret } from "./create-secret";
import { deleteSecret, destroySecret, undeleteSecret } from "./delete-secret";
import { destroyVersion } from "./destroy-version";
import { getSecret, listSecrets } from "./queries";
import { restoreVersion } from "./restore-version";
import { updateSecret } from "./update-secret";
import { readSecretByClient, revealSecret } from "./use-secret";

// What is sealed stays where it was sealed; who made a secret reads it; nothing else does. Ids of ATTACKS §11.

const db = useTestDatabase();
let acme: TestOrganization;
let count = 0;

const MASTER = Buffer.alloc(32, 7).toString("base64");
function withMaster(key: string): void {
  process.env.REEVE_MASTER_KEY = key;
  if (!key) delete process.env.REEVE_MASTER_KEY;
  forgetEnvironment();
  forgetKeys();
}

beforeAll(async () => {
  withMaster(MASTER);
  acme = await makeTestOrganization();
});

const as = (role: keyof TestOrganization["people"]) => callAs(acme.people[role], acme.own.workspace);
const make = (values: Record<string, string>, { role = "contributor", isPrivate = false, name = `s-${++count}` }: Partial<Made> = {}) =>
  execute(createSecret, as(role), { name, isPrivate, values });
type Made = { role: keyof TestOrganization["people"]; isPrivate: boolean; name: string };
const read = async (id: string, role: Made["role"] = "contributor") => (await execute(readSecretByClient, as(role), { id })).values;
const spec = { conditions: [], logic: "and" as const, sort: { field: "created", direction: "asc" as const }, limit: 100, offset: 0 };

describe("values", () => {
  it("come back as they were, to the client of who made the secret", async () => {
    const values = { user: "root", password: "pä55 \u{1F511}\n", empty: "" };
    expect(await read(await make(values))).toEqual(values);
  });

  it("a change is a new version; a patch merges and takes away; the same values are no change", async () => {
    const id = await make({ a: "1", b: "2" });
    await execute(updateSecret, as("contributor"), { id, patch: { c: "3", a: null } });
    expect(await read(id)).toEqual({ b: "2", c: "3" });
    const seq = await lastSeq(db.ownerUrl);
    await execute(updateSecret, as("contributor"), { id, patch: { c: "3" } });
    expect(await trailAfter(db.ownerUrl, seq)).toEqual([]);
    await execute(updateSecret, as("contributor"), { id, values: { only: "this" } });
    const secret = await ask(getSecret, as("viewer"), { id });
    expect([secret.version, secret.key_names]).toEqual([3, ["only"]]);
  });

  it("each reading is a use with its version, in the transaction of its entry", async () => {
    const id = await make({ a: "1" });
    await read(id);
    await execute(updateSecret, as("contributor"), { id, patch: { a: "2" } });
    await execute(revealSecret, as("workspace-admin"), { id, reason: "The lake refused its key." });
    const uses = await asOwner<{ version: number; purpose: string; reason: string | null; principal_id: string }>(
      db.ownerUrl,
      "select version, purpose, reason, principal_id from secret_use where secret_id = $1 order by at",
      [id],
    );
    expect(uses).toEqual([
      { version: 1, purpose: "client", reason: null, principal_id: acme.people.contributor.id },
      { version: 2, purpose: "reveal", reason: "The lake refused its key.", principal_id: acme.people["workspace-admin"].id },
    ]);
  });

  it("no value is in the trail of making, changing, reading and revealing it", async () => {
    const seq = await lastSeq(db.ownerUrl);
    const id = await make({ key: "canary-5f1c" });
    await execute(updateSecret, as("contributor"), { id, patch: { key: "canary-77aa" } });
    await read(id);
    await execute(revealSecret, as("contributor"), { id, reason: "Looking for the canary." });
    const entries = await trailAfter(db.ownerUrl, seq);
    expect(entries).toHaveLength(4);
    expect(JSON.stringify(entries)).not.toContain("canary-");
  });

  it.each([
    ["too many keys", Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`k${at}`, "v"]))],
    ["too much text", { k: "x".repeat(25_001) }],
    ["a key with braces", { "{{k}}": "v" }],
    ["a key of two lines", { "a\nb": "v" }],
    ["a key without a name", { "": "v" }],
  ])("%s is refused", async (_what, values) => {
    await expect(make(values)).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("one version", () => {
  it("is destroyed by its typed name, and nothing else of the secret is", async () => {
    const name = `v-${++count}`;
    const id = await make({ a: "canary-old" }, { name });
    await execute(updateSecret, as("contributor"), { id, patch: { a: "canary-new" } });
    await expect(execute(destroyVersion, as("contributor"), { id, version: 1, typedName: "other" })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(execute(destroyVersion, as("contributor"), { id, version: 2, typedName: name })).rejects.toMatchObject({ reason: "is_current" });
    await expect(execute(destroyVersion, as("contributor"), { id, version: 9, typedName: name })).rejects.toMatchObject({ code: "not_found" });
    const seq = await lastSeq(db.ownerUrl);
    await execute(destroyVersion, as("contributor"), { id, version: "1", typedName: name });
    expect((await trailAfter(db.ownerUrl, seq)).map((entry) => [entry.action, entry.outcome])).toEqual([["secret.version-destroyed", "allowed"]]);
    await expect(execute(destroyVersion, as("contributor"), { id, version: 1, typedName: name })).rejects.toMatchObject({ reason: "version_destroyed" });
    await expect(execute(restoreVersion, as("contributor"), { id, version: 1 })).rejects.toMatchObject({ reason: "version_destroyed" });
    expect(await read(id)).toEqual({ a: "canary-new" });
    const kept = await asOwner(db.ownerUrl, "select version, sealed is null as gone, key_names from secret_version where secret_id = $1 order by version", [
      id,
    ]);
    expect(kept).toEqual([
      { version: 1, gone: true, key_names: ["a"] },
      { version: 2, gone: false, key_names: ["a"] },
    ]);
  });
});

describe("who", () => {
  it("SEC-5: a viewer, another contributor and a stranger get no value, and an entry says so", async () => {
    const id = await make({ a: "1" });
    const other = await makePerson(acme.id, "contributor", acme.own.workspace.id);
    for (const call of [as("viewer"), callAs(other, acme.own.workspace), as("workspace-admin"), as("system-admin"), as("auditor")]) {
      const seq = await lastSeq(db.ownerUrl);
      await expect(execute(readSecretByClient, call, { id })).rejects.toMatchObject({ code: "forbidden" });
      expect((await trailAfter(db.ownerUrl, seq)).map((entry) => [entry.action, entry.outcome])).toEqual([["secret.read", "denied"]]);
    }
    const stranger = await makePerson(acme.id, "contributor", acme.foreign.workspace.id);
    await expect(execute(readSecretByClient, callAs(stranger, acme.foreign.workspace), { id })).rejects.toMatchObject({ code: "not_found" });
    await expect(execute(revealSecret, as("system-admin"), { id, reason: "Because I can." })).rejects.toMatchObject({ code: "forbidden" });
  });

  it("a private secret exists for its owner only, whatever others hold", async () => {
    const name = `private-${++count}`;
    const id = await make({ a: "1" }, { isPrivate: true, name });
    await make({ a: "2" }, { name }); // the same name once in public
    await expect(make({ a: "3" }, { isPrivate: true, name })).rejects.toMatchObject({
      code: "conflict",
      message: `Found an existing private secret with the same '${name}' name`,
    });
    for (const role of ["workspace-admin", "system-admin", "auditor", "viewer"] as const) {
      await expect(ask(getSecret, as(role), { id })).rejects.toMatchObject({ code: "not_found" });
      await expect(execute(deleteSecret, as(role), { id })).rejects.toMatchObject({ code: expect.stringMatching("not_found") });
      const { items } = await ask(listSecrets, as(role), { spec, always: [] });
      expect(items.map((item) => item.id)).not.toContain(id);
    }
    const { items } = await ask(listSecrets, as("contributor"), { spec, always: [] });
    expect(items.map((item) => item.id)).toContain(id);
  });

  it("AZ-2: who may not know of secrets hears the same of one that is there and of one that is not", async () => {
    const stacks = callAs(await makePerson(acme.id, "stack-admin", acme.own.workspace.id), acme.own.workspace);
    const name = `v-${++count}`;
    const id = await make({ a: "canary-hidden" }, { name });
    const named = async (secret: string) => {
      const wish = { name: `c-${++count}`, type: "artifact_store" as const, flavor: "local", secrets: [secret] };
      const error = (await execute(createComponent, stacks, wish).catch((thrown: unknown) => thrown)) as AppError;
      return [error.code, error.message.replace(secret, "…")];
    };
    expect(await named(name)).toEqual(await named("nowhere"));
    expect(await named(id)).toEqual(await named(newId()));
  });

  it("nobody makes somebody else's secret private", async () => {
    const id = await make({ a: "1" });
    await expect(execute(updateSecret, as("workspace-admin"), { id, isPrivate: true })).rejects.toMatchObject({ code: "forbidden" });
  });

  it("SEC-6: what a list gives has no place for a value", async () => {
    await make({ a: "canary-list" });
    const found = JSON.stringify(await ask(listSecrets, as("workspace-admin"), { spec, always: [] }));
    expect(found).not.toContain("canary-list");
    expect(Object.keys((JSON.parse(found) as { items: object[] }).items[0] ?? {}).filter((key) => /value|seal|wrap/.test(key))).toEqual([]);
  });

  it.each(["../../etc/passwd", "a/b", "%2e%2e", "name with spaces", "日本", "a".repeat(255)])(
    "SEC-12: the name %j is a name and nothing else",
    async (name) => {
      const id = await make({ a: "1" }, { name });
      expect((await ask(getSecret, as("contributor"), { id })).name).toBe(name);
    },
  );

  it.each(["", " ", "a\nb", "{{a.b}}", "a".repeat(256)])("the name %j is refused", async (name) => {
    await expect(make({ a: "1" }, { name })).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("the end of a secret", () => {
  it("a deleted one is gone for all, comes back with its values, and frees its name meanwhile", async () => {
    const name = `ends-${++count}`;
    const id = await make({ a: "1" }, { name });
    await execute(deleteSecret, as("contributor"), { id });
    await expect(read(id)).rejects.toMatchObject({ code: "not_found" });
    const second = await make({ a: "2" }, { name });
    await expect(execute(undeleteSecret, as("contributor"), { id })).rejects.toMatchObject({ code: "conflict" });
    await execute(deleteSecret, as("contributor"), { id: second });
    await execute(undeleteSecret, as("contributor"), { id });
    expect(await read(id)).toEqual({ a: "1" });
  });

  it("a destroyed one comes back without values", async () => {
    const name = `destroyed-${++count}`;
    const id = await make({ a: "1" }, { name });
    await execute(deleteSecret, as("contributor"), { id });
    await expect(execute(destroySecret, as("contributor"), { id, typedName: "another" })).rejects.toMatchObject({ code: "invalid_input" });
    await execute(destroySecret, as("contributor"), { id, typedName: name });
    await execute(undeleteSecret, as("contributor"), { id });
    await expect(read(id)).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("at rest", () => {
  it("SEC-1: a sealed row that was put in the place of another is refused, each time", async () => {
    const all = tries(1_000);
    const ids: string[] = [];
    for (let at = 0; at <= Math.min(all, 40); at++) ids.push(await make({ a: `v${at}` }));
    for (let at = 0; at < all; at++) {
      const [from, to] = [ids[at % ids.length] as string, ids[(at + 1 + (at % (ids.length - 1))) % ids.length] as string];
      if (from === to) continue;
      const swap = (source: string, target: string) =>
        asOwner(
          db.ownerUrl,
          `update secret_version t set sealed = s.sealed, wrapped_key = s.wrapped_key from secret_version s where s.secret_id = $1 and t.secret_id = $2`,
          [source, target],
        );
      const [kept] = await asOwner<{ sealed: Buffer; wrapped_key: Buffer }>(
        db.ownerUrl,
        "select sealed, wrapped_key from secret_version where secret_id = $1",
        [to],
      );
      await swap(from, to);
      await expect(read(to)).rejects.toMatchObject({ code: "internal", reason: "sealed_value_moved" });
      await asOwner(db.ownerUrl, "update secret_version set sealed = $2, wrapped_key = $3 where secret_id = $1", [to, kept?.sealed, kept?.wrapped_key]);
    }
    expect(await read(ids[0] as string)).toEqual({ a: "v0" });
  });

  it("SEC-1: an older version in the place of a newer one, and one changed bit, are refused", async () => {
    const id = await make({ a: "old" });
    await execute(updateSecret, as("contributor"), { id, patch: { a: "new" } });
    await asOwner(
      db.ownerUrl,
      "update secret_version t set sealed = s.sealed, wrapped_key = s.wrapped_key from secret_version s where s.secret_id = $1 and t.secret_id = $1 and s.version = 1 and t.version = 2",
      [id],
    );
    await expect(read(id)).rejects.toMatchObject({ code: "internal" });
    const changed = await make({ a: "1" });
    await asOwner(db.ownerUrl, "update secret_version set sealed = set_bit(sealed, 250, 1 - get_bit(sealed, 250)) where secret_id = $1", [changed]);
    await expect(read(changed)).rejects.toMatchObject({ code: "internal" });
  });

  it("equal values have equal commitments in a workspace, and no two versions share a nonce or a key", async () => {
    const [one, two] = [await make({ a: "1", b: "2" }), await make({ b: "2", a: "1" })];
    const found = await asOwner<{ commitments: number; sealed: number; wrapped: number }>(
      db.ownerUrl,
      `select count(distinct commitment)::int as commitments, count(distinct substr(sealed, 1, 12))::int as sealed, count(distinct substr(wrapped_key, 1, 12))::int as wrapped
       from secret_version where secret_id in ($1, $2)`,
      [one, two],
    );
    expect(found[0]).toEqual({ commitments: 1, sealed: 2, wrapped: 2 });
  });

  it("SEC-7: without the master key values answer `sealed`, names are read as before, and the key's name tells nothing of it", async () => {
    const id = await make({ a: "1" });
    expect(firstMasterKey().id).toMatch(/^[0-9a-f]{16}$/);
    withMaster("");
    try {
      await expect(read(id)).rejects.toMatchObject({ code: "sealed" });
      await expect(make({ a: "2" })).rejects.toMatchObject({ code: "sealed" });
      expect((await ask(getSecret, as("viewer"), { id })).key_names).toEqual(["a"]);
    } finally {
      withMaster(MASTER);
    }
    expect(await read(id)).toEqual({ a: "1" });
  });
});
