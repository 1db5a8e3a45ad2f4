import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import type { Actor } from "@/lib/identity/actor";
import { formatPersonalToken, mintPersonalSecret, parsePersonalToken } from "@/lib/identity/personal-token";
import { execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { callAs, makePerson } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { createPersonalToken } from "@/lib/tokens/create-token";
import { call, login, makeWireWorkspaces } from "@/lib/wire/zenml/test-wire";

// Personal tokens: a person's power or less of it, made in the browser alone, good as a bearer and as a client's API key.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
const SLUG = "fraud-detection";
let mira: Actor;
let places: Record<string, string>;
let projects: Record<string, string>;

beforeAll(async () => {
  const made = await makeWireWorkspaces([SLUG, "other"]);
  places = made.workspaces;
  mira = await makePerson(made.organizationId, "contributor", places[SLUG] as string);
  await asOwner(
    db.ownerUrl,
    "insert into role_grant (id, organization_id, principal_id, role, scope_kind, workspace_ref, source) values ($1, $2, $3, 'contributor', 'workspace', $4, 'person')",
    [newId(), made.organizationId, mira.id, places.other],
  );
  const rows = await asOwner<{ id: string; name: string }>(db.ownerUrl, "select id, name from project where workspace_id = $1", [places[SLUG]]);
  projects = Object.fromEntries(rows.map((row) => [row.name, row.id]));
});

const unique = () => `t-${newId()}`;
const make = (input: Record<string, unknown> = {}) => execute(createPersonalToken, callAs(mira), { name: unique(), ...input });
const status = async (token: string, path: string, method = "GET", body?: unknown, slug = SLUG) => (await call(token, slug, method, path, body)).status;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

describe("making one", () => {
  it("gives a text that no row holds, for as long as the organization allows", async () => {
    const token = await make();
    expect(token.value).toMatch(/^rvp_[0-9a-f]{96}$/);
    expect(Math.round((Date.parse(token.expiresAt) - Date.now()) / 86_400_000)).toBe(365);
    const [row] = await asOwner(db.ownerUrl, "select t::text as text from personal_token t where id = $1", [token.id]);
    expect(row?.text).not.toContain(token.value.slice(36, 92));
    const trail = await asOwner(db.ownerUrl, "select e::text as text from audit_entry e where target_id = $1", [token.id]);
    expect(trail).toHaveLength(1);
    expect(JSON.stringify(trail)).not.toContain(token.value.slice(36, 92));
  });

  it.each([
    ["past the organization's limit", { until: inDays(366) }, "until"],
    ["in the past", { until: inDays(-1) }, "until"],
    ["with an empty list of scopes", { scopes: [] }, "scopes"],
    ["with a scope that is none", { scopes: ["run:fly"] }, "scopes"],
    ["in a workspace that isn't there", { workspaceId: newId() }, "workspaceId"],
    ["in a project without its workspace", { projectId: newId() }, "workspaceId"],
    ["without a name", { name: " " }, "name"],
  ])("is refused %s", async (_what, input, field) => {
    await expect(make(input)).rejects.toMatchObject({ code: "invalid_input", fields: expect.objectContaining({}) });
    const error = await make(input).catch((caught: { fields?: Record<string, string> }) => caught);
    expect(Object.keys((error as { fields: Record<string, string> }).fields).some((name) => name.startsWith(field))).toBe(true);
  });

  it("is refused in a workspace or project of others, for a taken name, and with any credential but a session", async () => {
    const stranger = await makePerson(mira.organizationId, "viewer", places.other as string);
    await expect(execute(createPersonalToken, callAs(stranger), { name: "x", workspaceId: places[SLUG] })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(make({ workspaceId: places.other, projectId: projects.default })).rejects.toMatchObject({ code: "invalid_input" });
    const { name } = await make();
    await expect(make({ name: name.toUpperCase() })).rejects.toMatchObject({ code: "conflict" });
    for (const kind of ["personal_token", "device", "password", "api_key"] as const)
      await expect(execute(createPersonalToken, callAs({ ...mira, credential: { kind, id: newId(), label: "x" } }), { name: unique() })).rejects.toMatchObject({
        code: "forbidden",
      });
  });
});

describe("using one", () => {
  it("acts as its person, as a bearer and through the client's key login, everywhere that they may", async () => {
    const { value } = await make();
    for (const slug of [SLUG, "other"]) expect(await call(value, slug, "GET", "/current-user")).toMatchObject({ status: 200, body: { id: mira.id } });
    const answer = await login(value, SLUG);
    expect(answer.status).toBe(200);
    expect(await status((answer.body as { access_token: string }).access_token, "/tags", "POST", { name: unique(), color: "blue" })).toBe(200);
  });

  it("with read scopes it reads, and a change is 403 with an entry", async () => {
    const { value, id } = await make({ scopes: ["run:read", "tag:read"] });
    expect(await status(value, "/runs")).toBe(200);
    expect(await call(value, SLUG, "POST", "/tags", { name: unique(), color: "blue" })).toMatchObject({
      status: 403,
      body: { detail: ["IllegalOperationError", expect.stringContaining("limited")] },
    });
    const rows = await asOwner(db.ownerUrl, "select reason, outcome from audit_entry where credential_id = $1", [id]);
    expect(rows).toEqual([{ reason: "outside_credential", outcome: "denied" }]);
    expect(await status(value, "/models"), "what no scope names does not exist").toBe(404);
  });

  it("bound to a workspace it knows no other, and bound to a project no other project", async () => {
    const here = await make({ workspaceId: places[SLUG] });
    expect(await status(here.value, "/current-user")).toBe(200);
    expect(await status(here.value, "/current-user", "GET", undefined, "other")).toBe(404);
    const { value } = await make({ workspaceId: places[SLUG], projectId: projects.second });
    const pipeline = (project: string | undefined) => status(value, "/pipelines", "POST", { project, name: unique() });
    expect(await pipeline(projects.second)).toBe(200);
    expect(await pipeline(projects.default)).toBe(404);
    expect(await status(value, "/tags", "POST", { name: unique(), color: "blue" }), "the workspace's own things it only reads").toBe(403);
    expect((await call(value, SLUG, "GET", "/projects")).body).toMatchObject({ total: 1, items: [{ id: projects.second }] });
  });

  it("never gives more than its person still has", async () => {
    const { value } = await make({ scopes: ["tag:create"] });
    await asOwner(db.ownerUrl, "update role_grant set role = 'viewer' where principal_id = $1 and workspace_ref = $2", [mira.id, places[SLUG]]);
    expect(await status(value, "/tags", "POST", { name: unique(), color: "blue" })).toBe(403);
    await asOwner(db.ownerUrl, "update role_grant set role = 'contributor' where principal_id = $1 and workspace_ref = $2", [mira.id, places[SLUG]]);
    expect(await status(value, "/tags", "POST", { name: unique(), color: "blue" })).toBe(200);
  });

  it("a made-up or changed one is refused, and one with a wrong checksum without a query", async () => {
    const { value, id } = await make();
    expect(await status(formatPersonalToken(id, mintPersonalSecret()), "/current-user")).toBe(401);
    expect(await status(formatPersonalToken(newId(), mintPersonalSecret()), "/current-user")).toBe(401);
    for (let at = 4; at < value.length; at += 7)
      expect(parsePersonalToken(value.slice(0, at) + (value[at] === "0" ? "1" : "0") + value.slice(at + 1))).toBeUndefined();
    for (const text of ["rvp_", value.slice(0, -1), `${value}0`, value.toUpperCase(), "rvp_' or 1=1"]) expect(parsePersonalToken(text)).toBeUndefined();
    expect(await status(value, `/runs?name=${value}`), "never in a URL").toBe(400);
  });
});
