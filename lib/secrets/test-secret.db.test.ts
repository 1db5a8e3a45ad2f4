import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { rightsOf } from "@/lib/authz/permissions";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { grantRole } from "@/lib/access/grant-role";
import { createRole, updateRole } from "@/lib/roles/change-role";
import { getRole } from "@/lib/roles/queries";
import { inScope } from "@/lib/kernel/transaction";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { createSecret } from "./create-secret";
import { getSecretPage } from "./get-secret-page";
import { testNewSecret, testSecret } from "./test-secret";
import { updateSecret } from "./update-secret";

// "Test it", with a login to the real PostgreSQL that the tests run on (it listens on a socket, so a port is piped to it): who may, what is recorded, and that no value is in any of it.

const db = useTestDatabase();
let acme: TestOrganization;
let login: Record<string, string>;
let port: Server;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  await asOwner(db.ownerUrl, "update workspace set allow_networks = '{127.0.0.0/8}' where id = $1", [acme.own.workspace.id]);
  const url = new URL(db.ownerUrl);
  const socket = `${url.searchParams.get("host")}/.s.PGSQL.${url.port}`;
  port = createServer((client) => {
    const server = connect(socket);
    client.pipe(server).pipe(client);
    for (const end of [client, server]) end.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => port.listen(0, "127.0.0.1", resolve));
  login = {
    host: "127.0.0.1",
    port: String((port.address() as AddressInfo).port),
    database: url.pathname.slice(1),
    user: url.username,
    password: url.password,
    sslmode: "disable",
  };
});
afterAll(() => void port.close());

const as = (role: keyof TestOrganization["people"]) => callAs(acme.people[role], acme.own.workspace);
let count = 0;
const make = (values: Record<string, string>) =>
  execute(createSecret, as("contributor"), { name: `k-${++count}`, kind: "postgresql", isPrivate: false, values });
const without = (name: string) => Object.fromEntries(Object.entries(login).filter(([key]) => key !== name));

describe("before it is saved", () => {
  it("says what worked, and leaves two entries without a value and no secret", async () => {
    const seq = await lastSeq(db.ownerUrl);
    expect(await testNewSecret(as("contributor"), { kind: "postgresql", values: login })).toEqual({
      outcome: "worked",
      words: "PostgreSQL accepted the login, without TLS.",
    });
    const entries = await trailAfter(db.ownerUrl, seq);
    expect(entries.map((entry) => entry.action)).toEqual(["secret.values-tried", "secret.values-answered"]);
    expect(JSON.stringify(entries)).not.toContain(login.password);
  });

  it.each([
    ["a wrong password", { password: "wrong-canary" }, "refused", "PostgreSQL doesn’t accept the user and password (28P01)."],
    ["no such database", { database: "nowhere" }, "refused", "PostgreSQL has no such database (3D000)."],
    ["no TLS where the setting asks for it", { sslmode: "require" }, "refused", "the server speaks no TLS, and the setting asks for it."],
    ["a name that leads nowhere", { host: "nowhere.invalid" }, "unreachable", "the server can’t be reached, or is no PostgreSQL."],
    ["an address that is public, in the clear", { host: "8.8.8.8" }, "unreachable", "the address is public, and keys go to public addresses encrypted only."],
    [
      "the metadata service",
      { host: "169.254.169.254", port: "80" },
      "unreachable",
      "the address lies in a network that this workspace doesn’t open. A System Admin can add it to the workspace’s allowed networks.",
    ],
    ["a port of something else", { port: "6379" }, "unreachable", "the address names a port that Reeve doesn’t call."],
  ])("%s is said in our words", async (_what, change, outcome, words) => {
    expect(await testNewSecret(as("contributor"), { kind: "postgresql", values: { ...login, ...change } })).toEqual({ outcome, words });
  });

  it("SSRF-12: what sends without end is cut", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      const more = () => void (socket.destroyed || (socket.write(Buffer.alloc(65_536, "N")) ? setImmediate(more) : socket.once("drain", more)));
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const values = { ...login, port: String((server.address() as AddressInfo).port) };
    expect(await testNewSecret(as("contributor"), { kind: "postgresql", values })).toMatchObject({ outcome: "unreachable" });
    server.close();
  });

  it("asks for the right to make secrets, for what is needed, and for a kind that can be tested", async () => {
    await expect(testNewSecret(as("viewer"), { kind: "postgresql", values: login })).rejects.toMatchObject({ code: "forbidden" });
    await expect(testNewSecret(as("contributor"), { kind: "postgresql", values: without("host") })).rejects.toMatchObject({
      fields: { host: "This is needed." },
    });
    await expect(testNewSecret(as("contributor"), { kind: "generic", values: login })).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("a saved one", () => {
  it("is a use with its entry, and the page says what came of it", async () => {
    const id = await make(login);
    const seq = await lastSeq(db.ownerUrl);
    expect((await testSecret(as("contributor"), { id })).outcome).toBe("worked");
    const entries = await trailAfter(db.ownerUrl, seq);
    expect(entries.map((entry) => entry.action)).toEqual(["secret.tested", "secret.test-answered"]);
    expect(JSON.stringify(entries)).not.toContain(login.password);
    const uses = await asOwner(db.ownerUrl, "select purpose, version, principal_id from secret_use where secret_id = $1", [id]);
    expect(uses).toEqual([{ purpose: "test", version: 1, principal_id: acme.people.contributor.id }]);
    const page = await ask(getSecretPage, as("viewer"), { id });
    expect(page.test).toMatchObject({ outcome: "worked", words: "PostgreSQL accepted the login, without TLS.", version: 1 });
    expect(page.kind).toBe("postgresql");
  });

  it("is tested with the changes of a form, which says nothing of what is saved", async () => {
    const id = await make(login);
    const answer = await testSecret(as("contributor"), { id, patch: { password: "other" } });
    expect(answer).toMatchObject({ outcome: "refused" });
    expect((await ask(getSecretPage, as("contributor"), { id })).test).toBeNull();
    await expect(testSecret(as("contributor"), { id, patch: { host: null } })).rejects.toMatchObject({ fields: { host: "This is needed." } });
  });

  it("somebody who may change it and didn't make it sends its keys nowhere else, by a test or a change", async () => {
    const id = await make(login);
    const patch = { host: "127.0.0.2" };
    await expect(testSecret(as("workspace-admin"), { id, patch })).rejects.toMatchObject({ code: "forbidden" });
    await expect(execute(updateSecret, as("workspace-admin"), { id, patch })).rejects.toMatchObject({ code: "forbidden" });
    expect((await testSecret(as("workspace-admin"), { id })).outcome).toBe("worked");
    for (const role of ["viewer", "auditor", "system-admin"] as const) await expect(testSecret(as(role), { id })).rejects.toMatchObject({ code: "forbidden" });
  });

  it("gets its kind later where its keys fit, and can then be tested; the missing keys are named where they don't", async () => {
    const generic = (values: Record<string, string>) =>
      execute(createSecret, as("contributor"), { name: `k-${++count}`, kind: "generic", isPrivate: false, values });
    const id = await generic(login);
    const seq = await lastSeq(db.ownerUrl);
    await execute(updateSecret, as("contributor"), { id, kind: "postgresql" });
    expect(await ask(getSecretPage, as("viewer"), { id })).toMatchObject({ kind: "postgresql", version: 1 });
    const [entry] = await asOwner<{ before: unknown; after: unknown }>(db.ownerUrl, "select before, after from audit_entry where seq > $1", [seq]);
    expect(entry).toMatchObject({ before: { kind: "generic" }, after: { kind: "postgresql" } });
    expect((await testSecret(as("contributor"), { id })).outcome).toBe("worked");
    const some = await generic({ user: "u", token: "canary" });
    const refused = execute(updateSecret, as("contributor"), { id: some, kind: "postgresql" });
    await expect(refused).rejects.toMatchObject({
      code: "invalid_input",
      fields: { kind: "PostgreSQL needs the key host, and the key database, and the key password." },
    });
    await expect(refused).rejects.not.toThrow("canary");
    const wrong = execute(updateSecret, as("contributor"), { id: await generic({ ...login, port: "canary" }), kind: "postgresql" });
    await expect(wrong).rejects.toMatchObject({ fields: { kind: expect.stringContaining("Enter a number") } });
    await execute(updateSecret, as("contributor"), { id, kind: "generic" });
    expect((await ask(getSecretPage, as("viewer"), { id })).test, "a test says nothing of another kind").toBeNull();
  });

  it("is given a kind by who may read it, or where no address of somebody's own stands in it: else keys would go where they were not given for", async () => {
    const id = await execute(createSecret, as("contributor"), { name: `k-${++count}`, isPrivate: false, values: without("host") });
    await execute(updateSecret, as("workspace-admin"), { id, patch: { host: "127.0.0.2" } });
    await expect(execute(updateSecret, as("workspace-admin"), { id, kind: "postgresql" })).rejects.toMatchObject({
      code: "forbidden",
      reason: "keys_elsewhere",
    });
    await execute(updateSecret, as("workspace-admin"), { id, kind: "postgresql", patch: { ...login, password: "another" } });
    expect((await ask(getSecretPage, as("viewer"), { id })).kind).toBe("postgresql");
  });

  it("who made it and may no longer read its values sends its keys nowhere else either", async () => {
    const { workspace } = acme.own;
    const admin = callAs(acme.people["system-admin"]);
    await execute(createRole, admin, { name: "keeper", base: "contributor" });
    const { "secret:read-value": _, ...rights } = rightsOf("contributor");
    await execute(updateRole, admin, { name: "keeper", revision: (await ask(getRole, admin, { name: "keeper" })).revision, rights });
    const keeper = await makePerson(acme.id, "member", workspace.id);
    await execute(grantRole, callAs(acme.people["system-admin"], workspace), { principalId: keeper.id, role: "keeper", scope: "workspace" });
    const actor = await inScope([], (tx) => loadActor(tx, keeper.id, keeper.credential));
    const call = callAs(actor as Actor, workspace);
    const id = await execute(createSecret, call, { name: `k-${++count}`, kind: "postgresql", isPrivate: false, values: login });
    const patch = { host: "127.0.0.2" };
    await expect(testSecret(call, { id, patch })).rejects.toMatchObject({ code: "forbidden", reason: "keys_elsewhere" });
    await expect(execute(updateSecret, call, { id, patch })).rejects.toMatchObject({ reason: "keys_elsewhere" });
    expect((await testSecret(call, { id })).outcome).toBe("worked");
  });
});
