import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { execute } from "@/lib/kernel/command";
import { callAs, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { createSecret } from "@/lib/secrets/create-secret";
import { deleteSecret, destroySecret, undeleteSecret } from "@/lib/secrets/delete-secret";
import { destroyVersion } from "@/lib/secrets/destroy-version";
import { redactorOf } from "@/lib/secrets/known-secrets";
import { restoreVersion } from "@/lib/secrets/restore-version";
import { updateSecret } from "@/lib/secrets/update-secret";
import { readSecretByClient } from "@/lib/secrets/use-secret";
import type { KvServer } from "./kv-server.sample";
import { chooseStore } from "./use-store";
import { makeWorkspaceWithStore, settle as settleNow } from "./workspace-with-store.sample";

// What a secret promises wherever its values lie: Reeve's own store and an outside one keep to the same.

const db = useTestDatabase();
let acme: TestOrganization;
let kv: KvServer;
let outside: string;

const admin = () => callAs(acme.people["workspace-admin"], acme.own.workspace);
const contributor = () => callAs(acme.people.contributor, acme.own.workspace);
const make = (name: string, values: Record<string, string>) => execute(createSecret, contributor(), { name, isPrivate: false, values });
const read = async (id: string) => (await execute(readSecretByClient, contributor(), { id })).values;
const write = (id: string, patch: Record<string, string>) => execute(updateSecret, contributor(), { id, patch });

const settle = () => settleNow(db.ownerUrl);

beforeAll(async () => {
  ({ acme, kv, storeId: outside } = await makeWorkspaceWithStore());
});
afterAll(() => kv.stop());

describe.each(["built-in", "vault"])("values in the store %s", (store) => {
  beforeAll(() => execute(chooseStore, admin(), { storeId: store === "vault" ? outside : "" }));
  const named = (name: string) => `${store}-${name}`;

  it("come back as they were written, whatever text they are, at every version", async () => {
    const first = { user: "root", password: 'pä55 \u{1F511}\n"quoted"', "key with spaces": "{{x}}" };
    const id = await make(named("text"), first);
    expect(await read(id)).toEqual(first);
    await write(id, { password: "second" });
    expect(await read(id)).toEqual({ ...first, password: "second" });
    await execute(restoreVersion, contributor(), { id, version: 1 });
    expect(await read(id)).toEqual(first);
    await expect(execute(restoreVersion, contributor(), { id, version: 9 })).rejects.toMatchObject({ code: "not_found" });
  });

  it("may be 25 kB in 100 keys", async () => {
    const large = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`key-${at}`, "x".repeat(230)]));
    expect(await read(await make(named("large"), large))).toEqual(large);
  });

  it("are read by nobody while deleted, come back, and end when destroyed", async () => {
    const id = await make(named("fleeting"), { a: "1" });
    await execute(deleteSecret, contributor(), { id });
    await settle();
    await expect(read(id)).rejects.toMatchObject({ code: "not_found" });
    await execute(undeleteSecret, contributor(), { id });
    await settle();
    expect(await read(id)).toEqual({ a: "1" });
    await execute(deleteSecret, contributor(), { id });
    await execute(destroySecret, contributor(), { id, typedName: named("fleeting") });
    await settle();
    await execute(undeleteSecret, contributor(), { id }); // its name and its history come back
    await expect(read(id)).rejects.toMatchObject({ reason: "version_destroyed" });
    expect([...kv.held.keys()].filter((object) => object.startsWith(id))).toEqual([]);
    expect(await asOwner(db.ownerUrl, "select version from secret_version where secret_id = $1 and destroyed_at is null", [id])).toEqual([]);
  });

  it("of one version end alone, and can't be gone back to", async () => {
    const id = await make(named("rotated"), { a: "1" });
    await write(id, { a: "2" });
    await execute(destroyVersion, contributor(), { id, version: 1, typedName: named("rotated") });
    await settle();
    expect(await read(id)).toEqual({ a: "2" });
    await expect(execute(restoreVersion, contributor(), { id, version: 1 })).rejects.toMatchObject({ code: "conflict" });
  });

  it("are hidden in logs by what is known of them, and lie nowhere in the open", async () => {
    const canary = `canary-of-${store}-7f3a`;
    const id = await make(named("logged"), { token: canary });
    const redactor = await inScope([acme.own.workspace.id], (tx) => redactorOf(tx, acme.own.workspace.id));
    expect(redactor.redact(`a ${canary} b`)).toBe(`a █ secret:${named("logged")}.token b`);
    const rows = await asOwner(db.ownerUrl, "select row_to_json(v)::text as text from secret_version v where secret_id = $1", [id]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(canary);
  });
});
