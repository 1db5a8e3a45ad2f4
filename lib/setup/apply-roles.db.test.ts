import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { rightsOf } from "@/lib/authz/permissions";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { applySetup } from "./apply-setup";
import { readSetupFile } from "./read-setup-file";

// Roles of a set-up file: made and adjusted by revisions, given to whom the file names, and left deleted when a person deleted them.

const database = useTestDatabase();
let directory: string;
let owner: pg.Client;

const SETUP = {
  organization: "Acme",
  workspaces: [{ name: "fraud" }],
  roles: [
    {
      name: "run-minder",
      base: "viewer",
      summary: "Looks, and stops runs",
      added: { "run:stop": "own", "pipeline:run": "any" } as Record<string, string>,
      removed: ["artifact:download"],
    },
    { name: "org-reader", base: "auditor" },
  ],
  users: [
    { email: "ada@example.com", name: "Ada", grants: [{ role: "system-admin" }] },
    { email: "bo@example.com", name: "Bo", grants: [{ role: "run-minder", workspace: "fraud", project: "default" }, { role: "org-reader" }] },
  ],
  teams: [{ name: "Risk", members: ["bo@example.com"], grants: [{ role: "run-minder", workspace: "fraud" }] }],
  directories: [{ name: "okta", tokenFile: "./okta.token" }],
  groupRules: [{ directory: "okta", group: "minders", role: "run-minder", workspace: "fraud" }],
  serviceAccounts: [{ name: "ci", workspace: "fraud", role: "run-minder", keyFile: "./ci.key" }],
};
type Setup = typeof SETUP;

function write(change: (setup: Setup) => void = () => undefined): string {
  const setup = structuredClone(SETUP);
  change(setup);
  const file = path.join(directory, "setup.json");
  fs.rmSync(file, { force: true });
  fs.writeFileSync(file, JSON.stringify(setup), { mode: 0o600 });
  return file;
}
const apply = (file: string, options: { plan?: boolean; restore?: boolean } = {}) => applySetup(readSetupFile(file), { origin: "cli", ...options });
const rows = async (text: string) => (await owner.query(text)).rows;
const minder = (setup: Setup) => setup.roles[0] as Setup["roles"][0];
const current = async () => (await rows("select number, summary, rights from custom_role_revision where role = 'run-minder' and valid_to is null"))[0];
const problems = (change: (setup: Setup) => void): string => {
  try {
    readSetupFile(write(change));
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

beforeAll(async () => {
  Object.assign(process.env, { REEVE_MASTER_KEY: Buffer.alloc(32, 1).toString("base64"), REEVE_SIGNING_KEY: Buffer.alloc(32, 2).toString("base64") });
  forgetEnvironment();
  forgetKeys();
  owner = new pg.Client({ connectionString: database.ownerUrl, options: "-c search_path=reeve" });
  await owner.connect();
});
beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-setup-"));
  await owner.query("alter table audit_entry disable trigger audit_entry_append_only; truncate organization, setup_applied, flavor cascade");
  await owner.query("alter table audit_entry enable trigger audit_entry_append_only");
  await owner.query(`insert into flavor (id, name, type, display_name, source, config_schema)
    select gen_random_uuid(), 'local', type, 'Local', 'x', '{}' from unnest(array['artifact_store', 'orchestrator', 'deployer']) as type`);
  return () => fs.rmSync(directory, { recursive: true });
});
afterAll(() => owner.end());

describe("roles of a set-up file", () => {
  it("hold their base's rights, with those added and without those removed, for whom the file gives them to; the same again changes nothing", async () => {
    const { changes, notes } = await apply(write());
    expect(changes).toEqual(
      expect.arrayContaining([
        "create role run-minder from viewer",
        "create role org-reader from auditor",
        "grant run-minder on fraud/default for bo@example.com",
        "grant org-reader on the organization for bo@example.com",
        "grant run-minder on fraud for team Risk",
        "grant run-minder on fraud for ci",
        "let the rule group minders of okta → run-minder wait for its group",
      ]),
    );
    expect(notes.filter((note) => note.includes("role"))).toEqual([]);
    const { "artifact:download": _, ...kept } = rightsOf("viewer");
    expect(await current()).toEqual({ number: 1, summary: "Looks, and stops runs", rights: { ...kept, "run:stop": "own", "pipeline:run": "any" } });
    expect(await apply(write())).toEqual({ changes: [], notes: [] });
    expect(
      await rows(
        "select after->>'run:stop' as stop, after->>'artifact:download' as get, actor_kind from audit_entry where action = 'role.created' and target_name = 'run-minder'",
      ),
    ).toEqual([{ stop: "own", get: "none", actor_kind: "operator" }]);
  });

  it("are adjusted by a new revision, with what changed in the trail; a plan changes nothing", async () => {
    await apply(write());
    const file = write((setup) => Object.assign(minder(setup), { added: { "pipeline:run": "any" }, removed: [] }));
    expect((await apply(file, { plan: true })).changes).toEqual(["change role run-minder"]);
    expect(await current()).toMatchObject({ number: 1 });
    expect((await apply(file)).changes).toEqual(["change role run-minder"]);
    expect(await current()).toEqual({ number: 2, summary: "Looks, and stops runs", rights: { ...rightsOf("viewer"), "pipeline:run": "any" } });
    const [entry] = await rows("select before, after from audit_entry where action = 'role.updated'");
    expect(entry).toMatchObject({
      before: { "run:stop": "own", "artifact:download": "none" },
      after: { "run:stop": "none", "artifact:download": "any", revision: 2 },
    });
    expect(await apply(file)).toEqual({ changes: [], notes: [] });
  });

  it("stay deleted when a person deleted them, and nothing gives them; --restore brings them back", async () => {
    await apply(write());
    await owner.query("update role_grant set valid_to = clock_timestamp() where role = 'run-minder'; update team_grant set valid_to = clock_timestamp()");
    await owner.query(
      "update custom_role_revision set valid_to = clock_timestamp() where role = 'run-minder'; update custom_role set ended_at = now() where name = 'run-minder'",
    );
    const { changes, notes } = await apply(write());
    expect(changes).toEqual([]);
    expect(notes).toContain("role run-minder was deleted and stays so (--restore brings it back)");
    expect(notes).toContain("run-minder on fraud for team Risk: there is no role run-minder");
    const restored = await apply(write(), { restore: true });
    expect(restored.changes).toEqual(expect.arrayContaining(["restore role run-minder", "grant run-minder on fraud for team Risk"]));
    expect(await current()).toMatchObject({ number: 2 });
  });

  it("keep the base that they have", async () => {
    await apply(write());
    const { changes, notes } = await apply(write((setup) => Object.assign(minder(setup), { base: "contributor", added: {}, removed: [] })));
    expect(changes).toEqual([]);
    expect(notes).toEqual(["role run-minder is made from viewer, not from contributor: it stays as it is"]);
  });

  it("that can't be are told with their place", () => {
    expect(problems((setup) => Object.assign(minder(setup), { name: "viewer" }))).toMatch(/roles\.0\.name: is a role of the table/);
    expect(problems((setup) => Object.assign(minder(setup), { added: { "workspace:delete": "any" } }))).toMatch(
      /roles\.0: A role made from Viewer can't hold workspace:delete/,
    );
    expect(problems((setup) => Object.assign(minder(setup), { removed: ["run:delete"] }))).toMatch(/roles\.0\.removed: Viewer doesn't hold run:delete/);
    expect(problems((setup) => Object.assign(minder(setup), { removed: ["run:stop", "artifact:download"] }))).toMatch(
      /roles\.0\.removed: run:stop is added and removed/,
    );
    expect(problems((setup) => Object.assign(minder(setup), { added: { "run:fly": "any" } }))).toMatch(/roles\.0\.added/);
    expect(problems((setup) => setup.roles.push(minder(setup)))).toMatch(/run-minder is there twice/);
    const grants = problems((setup) => {
      (setup.users[1] as { grants: object[] }).grants.push(
        { role: "run-minder" },
        { role: "org-reader", workspace: "fraud" },
        { role: "king", workspace: "fraud" },
      );
      Object.assign(setup.roles[0] as object, { added: { "approval:decide": "any" }, removed: [] });
    });
    expect(grants).toMatch(/users\.1\.grants\.2: run-minder holds for a workspace: name it/);
    expect(grants).toMatch(/users\.1\.grants\.3: org-reader holds for the whole organization/);
    expect(grants).toMatch(/users\.1\.grants\.4\.role: has to be one of .*org-reader, run-minder/);
    expect(grants).toMatch(/serviceAccounts\.0\.role: a service account never approves: run-minder does/);
  });
});
