import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { provisionGroup } from "@/lib/directories/provision-group";
import { isDirectoryToken, newDirectoryToken, ownerOfToken } from "@/lib/directories/token";
import { directoryActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { testRequest } from "@/lib/kernel/test-organization";
import { inScope } from "@/lib/kernel/transaction";
import { applySetup } from "./apply-setup";
import { readSetupFile, type SetupFileError } from "./read-setup-file";

// Teams, directories and group rules of a set-up file: the same file again changes nothing, and what somebody ended stays ended.

const database = useTestDatabase();
let directory: string;
let owner: pg.Client;

const SETUP = {
  organization: "Acme",
  workspaces: [{ name: "fraud-detection" }],
  users: [
    { email: "ada@example.com", name: "Ada", grants: [{ role: "system-admin" }] },
    { email: "bo@example.com", name: "Bo", grants: [{ role: "viewer", workspace: "fraud-detection" }] },
  ],
  teams: [
    {
      name: "Risk",
      description: "Models of risk",
      members: ["Bo@example.com"],
      grants: [{ role: "contributor", workspace: "fraud-detection", project: "default" }, { role: "auditor" }],
    },
  ],
  directories: [{ name: "okta", displayName: "Okta", provider: "okta", tokenFile: "./okta.token" }],
  groupRules: [
    { directory: "okta", group: "risk-people", team: "risk" },
    { directory: "okta", group: "risk-people", role: "stack-admin", workspace: "fraud-detection" },
  ],
};
type Setup = typeof SETUP & Record<string, unknown>;

function write(change: (setup: Setup) => void = () => undefined): string {
  const setup = structuredClone(SETUP) as Setup;
  change(setup);
  const file = path.join(directory, "setup.json");
  fs.rmSync(file, { force: true });
  fs.writeFileSync(file, JSON.stringify(setup), { mode: 0o600 });
  return file;
}
const apply = (file: string, options: { plan?: boolean; restore?: boolean } = {}) => applySetup(readSetupFile(file), { origin: "cli", ...options });
const rows = async (text: string, values: unknown[] = []) => (await owner.query(text, values)).rows;
const held = async (email: string) =>
  (
    await rows(
      "select g.role from role_grant g join principal p on p.id = g.principal_id where p.email = $1 and (g.valid_to is null or g.valid_to > now()) order by 1",
      [email],
    )
  ).map((row) => row.role);
const tokenFile = () => path.join(directory, "okta.token");

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

/** What the directory would send: a group with a person in it. */
async function sendGroup(name: string, email: string) {
  const [user, group] = [newId(), newId()];
  await owner.query(
    "insert into directory_user (id, directory_id, principal_id, user_name, active) select $1, d.id, p.id, p.email, true from directory d, principal p where p.email = $2",
    [user, email],
  );
  await owner.query("insert into directory_group (id, directory_id, display_name) select $1, id, $2 from directory", [group, name]);
  await owner.query("insert into directory_member (group_id, user_id) values ($1, $2)", [group, user]);
}

describe("teams", () => {
  it("are made with members and grants, which the members have; the same again changes nothing", async () => {
    const { changes, notes } = await apply(write());
    expect(changes).toEqual(
      expect.arrayContaining([
        "create team Risk",
        "put bo@example.com in team Risk",
        "grant contributor on fraud-detection/default for team Risk",
        "grant auditor on the organization for team Risk",
        "create directory okta",
      ]),
    );
    expect(changes).toContain("let the rule group risk-people of okta → team risk wait for its group");
    expect(notes.filter((note) => note.includes("group"))).toEqual([]);
    expect(await held("bo@example.com")).toEqual(["auditor", "contributor", "viewer"]);
    const again = await apply(write());
    expect(again.changes).toEqual([]);
    expect(await held("bo@example.com")).toEqual(["auditor", "contributor", "viewer"]);
    expect((await rows("select action from audit_entry where target_name = 'Risk' order by seq")).map((row) => row.action)).toEqual([
      "team.created",
      "team.member-added",
      "grant.created",
      "grant.created",
    ]);
  });

  it("plan says it and does nothing; who isn't there is noted; only the file's own description is adjusted", async () => {
    await apply(write((setup) => (setup.teams = [])));
    expect((await apply(write(), { plan: true })).changes).toContain("create team Risk");
    expect(await rows("select 1 from team")).toEqual([]);
    const { notes } = await apply(write((setup) => setup.teams[0]?.members.push("nobody@example.com")));
    expect(notes).toContain("nobody@example.com in team Risk: there is nobody with this address");
    expect((await apply(write((setup) => Object.assign(setup.teams[0] as object, { description: "Other" })))).changes).toEqual(["describe team Risk"]);
  });

  it("leave ended what a person ended, until the operator restores it", async () => {
    await apply(write());
    await owner.query("update team_member set until = now(), ended_by = 'person'");
    await owner.query("update team_grant set valid_to = now(), ended_by = 'person' where role = 'auditor'");
    const left = await apply(write());
    expect([left.changes, await held("bo@example.com")]).toEqual([[], ["viewer"]]);
    expect(left.notes.filter((note) => note.includes("stays so"))).toHaveLength(2);
    await apply(write(), { restore: true });
    expect(await held("bo@example.com")).toEqual(["auditor", "contributor", "viewer"]);
    await owner.query("update team set ended_at = now()");
    expect((await apply(write())).notes).toContain("team Risk was deleted and stays so (--restore makes it again)");
  });

  it("and rules say what is wrong with them, all at once", async () => {
    const file = write((setup) => {
      setup.teams.push({ name: "RISK", description: "", members: ["x"], grants: [{ role: "runner", workspace: "fraud-detection" }] } as never);
      setup.groupRules.push({ directory: "okta", group: "g", team: "Risk", role: "viewer", workspace: "fraud-detection" } as never);
      setup.groupRules.push({ directory: "okta", group: "g", role: "viewer" } as never);
      setup.directories.push({ ...(setup.directories[0] as object) } as never);
    });
    let problems = "";
    try {
      readSetupFile(file);
    } catch (error) {
      problems = (error as SetupFileError).message;
    }
    for (const text of ["teams.1.members.0", "runner is for service accounts", "a role or a team, not both", "viewer holds for a workspace: name it"])
      expect(problems).toContain(text);
    // Problems between entries are told once each entry is right.
    expect(() => readSetupFile(write((setup) => setup.teams.push({ ...(setup.teams[0] as Setup["teams"][0]), name: "RISK" })))).toThrow("risk is there twice");
  });
});

describe("directories", () => {
  it("get their token once, in a private file that holds for them alone", async () => {
    await apply(write());
    const token = fs.readFileSync(tokenFile(), "utf8").trim();
    expect([isDirectoryToken(token), fs.statSync(tokenFile()).mode & 0o777]).toEqual([true, 0o600]);
    const [row] = await rows("select id, name, provider from directory");
    expect(row).toMatchObject({ name: "Okta", provider: "okta" });
    expect(await inScope([], (tx) => ownerOfToken(tx, token))).toBe(row.id);
    expect(JSON.stringify(await rows("select * from audit_entry"))).not.toContain(token);
    expect((await apply(write())).changes).toEqual([]);
    fs.rmSync(tokenFile());
    const { notes } = await apply(write());
    expect(notes.find((note) => note.includes("is missing"))).toContain("rotate it in Reeve");
    fs.writeFileSync(tokenFile(), newDirectoryToken(), { mode: 0o600 });
    expect((await apply(write())).notes.find((note) => note.includes("holds something else"))).toBeDefined();
    expect(await rows("select 1 from directory_token")).toHaveLength(1);
  });

  it("hold removals beyond the share that the file says, and keep what a person set where it says none", async () => {
    await apply(write());
    const share = async () => (await rows("select hold_percent from directory"))[0]?.hold_percent;
    expect(await share()).toBe(20);
    const wanted = (holdPercent: number) => write((setup) => Object.assign(setup.directories[0] ?? {}, { holdPercent }));
    expect((await apply(wanted(5))).changes).toEqual(["update directory okta"]);
    expect(await share()).toBe(5);
    expect((await apply(write())).changes).toEqual([]);
    expect(await share()).toBe(5);
    expect(() => readSetupFile(wanted(0))).toThrow("holdPercent");
  });

  it("take the token that a killed start left, and write over nothing", async () => {
    const token = newDirectoryToken();
    fs.writeFileSync(tokenFile(), `${token}\n`, { mode: 0o600 });
    expect((await apply(write())).changes).toContain(`take the token of directory okta from ${tokenFile()}`);
    expect(await inScope([], (tx) => ownerOfToken(tx, token))).toBeDefined();
    fs.writeFileSync(path.join(directory, "entra.token"), "something");
    const second = write((setup) => setup.directories.push({ name: "entra", displayName: "Entra", provider: "entra", tokenFile: "./entra.token" }));
    await expect(apply(second)).rejects.toThrow("is new, but");
    expect(await rows("select slug from directory")).toEqual([{ slug: "okta" }]);
  });

  it("give by a rule that waited as soon as the directory sends its group, without applying the file again", async () => {
    await apply(write());
    const [{ id: directoryId, organization_id: organizationId }] = await rows("select id, organization_id from directory");
    const [{ id: principalId }] = await rows("select id from principal where email = 'ada@example.com'");
    const user = newId();
    await owner.query("insert into directory_user (id, directory_id, principal_id, user_name, active) values ($1, $2, $3, 'ada', true)", [
      user,
      directoryId,
      principalId,
    ]);
    const context = { actor: directoryActor(organizationId, { name: "Okta" }, { id: newId(), label: "token" }), request: testRequest(), workspace: null };
    const group = (displayName: string) => ({ directoryId, state: { displayName, externalId: null }, members: [user] });
    expect(await held("ada@example.com")).toEqual(["system-admin"]);
    const { id: groupId } = await execute(provisionGroup, context, group("Risk-People"));
    expect(await held("ada@example.com")).toEqual(["auditor", "contributor", "stack-admin", "system-admin"]);
    expect(await rows("select 1 from waiting_group_rule")).toEqual([]);
    const [entry] = await rows("select after from audit_entry where action = 'directory-group.provisioned'");
    expect(entry.after).toMatchObject({ rulesMade: 2 });
    expect((await apply(write())).changes).toEqual([]);
    expect(groupId).toBeDefined();
  });

  it("never give by one that somebody withdrew, unless the operator restores it", async () => {
    await apply(write());
    await owner.query("update waiting_group_rule set withdrawn_at = now()");
    expect((await apply(write())).notes.filter((note) => note.includes("was withdrawn and stays so"))).toHaveLength(2);
    expect((await apply(write(), { restore: true })).changes).toHaveLength(2);
  });

  it("have rules once the groups are there; a rule that somebody ended stays so", async () => {
    await apply(write());
    await sendGroup("risk-people", "ada@example.com");
    const { changes } = await apply(write());
    expect(changes).toEqual(["make the rule group risk-people of okta → team risk", "make the rule group risk-people of okta → stack-admin"]);
    expect(await held("ada@example.com")).toEqual(["auditor", "contributor", "stack-admin", "system-admin"]);
    expect((await apply(write())).changes).toEqual([]);
    await owner.query("update group_rule set ended_at = now()");
    expect((await apply(write())).notes.filter((note) => note.includes("was ended and stays so"))).toHaveLength(2);
    expect((await apply(write(), { restore: true })).changes).toHaveLength(2);
  });
});
