import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { formatApiKey, hashApiKey, mintKeySecret, parseApiKey } from "@/lib/identity/api-key";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { applySetupFileOnce } from "./apply-once";
import { applySetup } from "./apply-setup";
import { readSetupFile, SetupFileError } from "./read-setup-file";

const database = useTestDatabase();
let directory: string;
let owner: pg.Client;

const SETUP = {
  organization: "Acme",
  workspaces: [{ name: "fraud-detection", projects: ["default", "cards"] }, { name: "churn" }],
  users: [
    { email: "Ada@Example.com", name: "Ada", password: "tulip-Orbit-94-canyon", grants: [{ role: "system-admin" }] },
    {
      email: "bo@example.com",
      name: "Bo",
      grants: [
        { role: "contributor", workspace: "fraud-detection" },
        { role: "viewer", workspace: "churn", project: "default" },
      ],
    },
  ],
  serviceAccounts: [{ name: "ci", workspace: "fraud-detection", role: "contributor", keyFile: "./ci.key" }],
};
type Setup = typeof SETUP & Record<string, unknown>;

function write(change: (setup: Setup) => void = () => undefined, name = "setup.json"): string {
  const setup = structuredClone(SETUP) as Setup;
  change(setup);
  const file = path.join(directory, name);
  fs.rmSync(file, { force: true });
  fs.writeFileSync(file, JSON.stringify(setup), { mode: 0o600 });
  return file;
}
const apply = (file: string, options: { plan?: boolean; restore?: boolean } = {}) => applySetup(readSetupFile(file), { origin: "cli", ...options });
const ask = async (text: string, values: unknown[] = []) => (await owner.query(text, values)).rows;
const actions = async () => (await ask("select action from audit_entry order by seq")).map((row) => row.action);

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

it("makes everything that the file names, audited as the operator, and writes the key once", async () => {
  const { changes, notes } = await apply(write());
  expect(changes).toHaveLength(11);
  expect(notes).toEqual(["bo@example.com has no password and can't sign in yet"]);
  expect(
    await ask("select slug, (select array_agg(p.name order by p.name) from project p where p.workspace_id = w.id) as projects from workspace w order by slug"),
  ).toEqual([
    { slug: "churn", projects: ["default"] },
    { slug: "fraud-detection", projects: ["cards", "default"] },
  ]);
  expect(
    await ask(
      "select s.name, array_agg(c.type order by sc.position) as types from stack s join stack_component sc on sc.stack_id = s.id join component c on c.id = sc.component_id group by s.id, s.name",
    ),
  ).toEqual([
    { name: "default", types: ["artifact_store", "orchestrator", "deployer"] },
    { name: "default", types: ["artifact_store", "orchestrator", "deployer"] },
  ]);
  expect(
    await ask("select count(*)::int as entries, count(distinct request_id)::int as requests, min(actor_kind) as actor, max(origin) as origin from audit_entry"),
  ).toEqual([{ entries: 11, requests: 1, actor: "operator", origin: "cli" }]);
  expect(await ask("select p.email from local_password join principal p on p.id = principal_id")).toEqual([{ email: "ada@example.com" }]);

  const file = path.join(directory, "ci.key");
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  const key = parseApiKey(fs.readFileSync(file, "utf8").trim());
  const [stored] = await ask("select secret_hmac from api_key where id = $1", [key?.id]);
  expect(stored.secret_hmac).toEqual(hashApiKey(key?.key ?? ""));
  expect(JSON.stringify(await ask("select * from audit_entry"))).not.toMatch(new RegExp(`${key?.key}|tulip-Orbit|argon2`));
});

it("changes nothing the second time", async () => {
  const file = write();
  await apply(file);
  const before = await actions();
  const key = fs.readFileSync(path.join(directory, "ci.key"), "utf8");
  expect(await apply(file)).toEqual({ changes: [], notes: [] });
  expect(await actions()).toEqual(before);
  expect(fs.readFileSync(path.join(directory, "ci.key"), "utf8")).toBe(key);
});

it("plans without changing anything, and plans what it then does", async () => {
  const file = write();
  const planned = await apply(file, { plan: true });
  expect(await ask("select 1 from organization")).toEqual([]);
  expect(fs.readdirSync(directory)).toEqual(["setup.json"]);
  expect((await apply(file)).changes).toEqual(planned.changes);
});

it("adds and adjusts what a changed file says, and removes nothing", async () => {
  await apply(write());
  const { changes } = await apply(
    write((setup) => {
      setup.organization = "Acme Corp";
      setup.users = [{ email: "bo@example.com", name: "Bo Berg", grants: [{ role: "approver", workspace: "churn" }] }] as never;
      setup.workspaces = [{ name: "churn", displayName: "Churn", projects: ["default", "telco"] }] as never;
      setup.serviceAccounts = [];
    }),
  );
  expect(changes).toEqual([
    "update organization Acme Corp",
    "update workspace churn",
    "create project telco in churn",
    "rename user bo@example.com",
    "grant approver on churn for bo@example.com",
  ]);
  expect(await ask("select count(*)::int as n from role_grant where valid_to is null")).toEqual([{ n: 5 }]);
});

it.each(["person", "directory"])("never brings back by itself what a %s ended; --restore does", async (who) => {
  const file = write();
  await apply(file);
  await owner.query("update principal set active = false, ended_by = $1, ended_at = now() where email = 'ada@example.com' or name = 'ci'", [who]);
  await owner.query("update role_grant set valid_to = clock_timestamp(), ended_by = $1 where role = 'viewer'", [who]);
  await owner.query("update workspace set state = 'suspended' where slug = 'churn'");
  const left = await apply(file);
  expect(left.changes).toEqual([]);
  expect(left.notes).toHaveLength(4);
  expect(await ask("select 1 from principal where active and email = 'ada@example.com'")).toEqual([]);

  const restored = await apply(file, { restore: true });
  expect(restored.changes).toEqual([
    "restore workspace churn",
    "restore user ada@example.com",
    "grant viewer on churn/default for bo@example.com",
    "restore service account ci of fraud-detection",
  ]);
  expect(await apply(file)).toEqual({ changes: [], notes: [] });
});

it("keeps a password that was changed since", async () => {
  const file = write();
  await apply(file);
  await owner.query("update local_password set hash = 'changed by hand'");
  await apply(write((setup) => (setup.organization = "Other")));
  expect(await ask("select hash from local_password")).toEqual([{ hash: "changed by hand" }]);
});

it("says and audits that somebody who had no password got one", async () => {
  await apply(write());
  const file = write((setup) => Object.assign(setup.users[1] as object, { password: "maple-Comet-51-harbour" }));
  const before = await actions();
  const planned = await apply(file, { plan: true });
  expect(planned.changes).toEqual(["set the password of bo@example.com"]);
  expect(await actions()).toEqual(before);
  expect(await apply(file)).toEqual(planned);
  expect((await actions()).slice(before.length)).toEqual(["user.password-set"]);
  expect(await ask("select 1 from local_password join principal p on p.id = principal_id where p.email = 'bo@example.com'")).toHaveLength(1);
  expect(JSON.stringify(await ask("select * from audit_entry"))).not.toMatch(/maple-Comet|argon2/);
  expect(await apply(file)).toEqual({ changes: [], notes: [] });
});

it("takes the key that a start left in its file when it was killed before its commit", async () => {
  const file = write();
  const keyFile = path.join(directory, "ci.key");
  const [id, secret] = [newId(), mintKeySecret()];
  fs.writeFileSync(keyFile, `${formatApiKey(id, secret)}\n`, { mode: 0o644 });
  await expect(apply(file)).rejects.toThrow(/ci\.key exists/); // others could have read it
  fs.chmodSync(keyFile, 0o600);
  const { changes } = await apply(file);
  expect(changes).toContain(`take the key of service account ci of fraud-detection from ${keyFile}`);
  expect(await ask("select id, secret_hmac from api_key")).toEqual([{ id, secret_hmac: hashApiKey(secret) }]);
  expect(await apply(file)).toEqual({ changes: [], notes: [] });
});

it("takes no key that another account has", async () => {
  await apply(write());
  const other = write((setup) => setup.serviceAccounts.push({ name: "ci", workspace: "churn", role: "contributor", keyFile: "./other.key" }));
  fs.copyFileSync(path.join(directory, "ci.key"), path.join(directory, "other.key"));
  await expect(apply(other)).rejects.toThrow(/other\.key exists/);
  expect(await ask("select count(*)::int as n from api_key")).toEqual([{ n: 1 }]);
});

it("reports a lost key file and mints no other key", async () => {
  const file = write();
  await apply(file);
  fs.rmSync(path.join(directory, "ci.key"));
  const { changes, notes } = await apply(file, { restore: true });
  expect(changes).toEqual([]);
  expect(notes).toEqual([expect.stringMatching(/ci\.key is missing; it is not minted anew/)]);
  expect(await ask("select count(*)::int as n from api_key")).toEqual([{ n: 1 }]);
});

it("writes over no file and then changes nothing at all", async () => {
  const file = write();
  fs.writeFileSync(path.join(directory, "ci.key"), "mine");
  await expect(apply(file)).rejects.toThrow(/ci\.key exists/);
  expect(fs.readFileSync(path.join(directory, "ci.key"), "utf8")).toBe("mine");
  expect(await ask("select 1 from organization")).toEqual([]);
});

it("takes the key file away again when the transaction fails", async () => {
  await owner.query("alter function append_audit(uuid, jsonb) rename to append_audit_away");
  try {
    await expect(apply(write())).rejects.toThrow();
  } finally {
    await owner.query("alter function append_audit_away(uuid, jsonb) rename to append_audit");
  }
  expect(fs.readdirSync(directory)).toEqual(["setup.json"]);
  expect(await ask("select 1 from workspace")).toEqual([]);
});

it("applies at start only what was not applied before", async () => {
  const file = write();
  const lines: string[] = [];
  await applySetupFileOnce(file, (line) => lines.push(line));
  await owner.query("update principal set full_name = 'Changed by hand' where email = 'ada@example.com'");
  await applySetupFileOnce(file, (line) => lines.push(line));
  expect(lines.at(-1)).toMatch(/was applied on \d{4}-\d\d-\d\d/);
  expect(await ask("select full_name from principal where email = 'ada@example.com'")).toEqual([{ full_name: "Changed by hand" }]);
});

it("never uses a deleted workspace's name again, and grants nothing on it", async () => {
  await apply(write());
  await owner.query("update workspace set state = 'deleted' where slug = 'churn'");
  const { notes } = await apply(
    write((setup) => setup.users[1]?.grants.push({ role: "approver", workspace: "churn" })),
    { restore: true },
  );
  expect(notes).toEqual(expect.arrayContaining([expect.stringMatching(/churn was deleted/), expect.stringMatching(/approver on churn .*there is no churn/)]));
});

it("makes an organization only with a System Admin in it", async () => {
  await expect(apply(write((setup) => (setup.users = [])))).rejects.toThrow(/without a System Admin/);
});

it("two applications at once make one of everything", async () => {
  const file = write();
  const results = await Promise.all([apply(file), apply(file), apply(file)]);
  expect(results.map((result) => result.changes.length).sort()).toEqual([0, 0, 11]);
});

describe("the file", () => {
  const problems = (change: (setup: Setup) => void) => {
    try {
      readSetupFile(write(change));
    } catch (error) {
      if (error instanceof SetupFileError) return error.message;
      throw error;
    }
    return "";
  };

  it("has to be private, and so do password files", () => {
    const open = write(undefined, "open.json");
    fs.chmodSync(open, 0o640);
    expect(() => readSetupFile(open)).toThrow(/Run chmod 600/);
    const passwordFile = path.join(directory, "ada.password");
    fs.writeFileSync(passwordFile, "tulip-Orbit-94-canyon\nsecond line", { mode: 0o644 });
    const withFile = (setup: Setup) => Object.assign(setup.users[0] as object, { password: undefined, passwordFile: "ada.password" });
    expect(problems(withFile)).toMatch(/ada\.password holds secrets/);
    fs.chmodSync(passwordFile, 0o600);
    expect(readSetupFile(write(withFile)).setup.users[0]?.password).toBe("tulip-Orbit-94-canyon");
  });

  it("may be YAML", () => {
    const file = path.join(directory, "setup.yaml");
    fs.writeFileSync(file, "organization: Acme\nworkspaces:\n  - name: churn\n", { mode: 0o600 });
    expect(readSetupFile(file).setup.workspaces).toEqual([{ name: "churn", projects: ["default"] }]);
  });

  it("names every problem with its place, and no secret", () => {
    const text = problems((setup) => {
      setup.colour = "blue";
      setup.allowNetworks = ["10.0.0.1"];
      (setup.workspaces[0] as { name: string }).name = "api";
      (setup.users[0] as { password: string }).password = "hunter2";
      (setup.users[1] as { grants: unknown }).grants = [
        { role: "system-admin", workspace: "churn" },
        { role: "viewer" },
        { role: "stack-admin", workspace: "churn", project: "default" },
      ];
      (setup.serviceAccounts[0] as { role: string }).role = "king";
    });
    for (const part of [
      /Unrecognized key.*colour/,
      /allowNetworks\.0: has to be a network/,
      /workspaces\.0\.name: .*reserved/,
      /users\.0\.password: .*12 characters/,
    ])
      expect(text).toMatch(part);
    for (const part of [
      /users\.1\.grants\.0: system-admin holds for the whole/,
      /users\.1\.grants\.1: viewer holds for a workspace/,
      /grants\.2: stack-admin can't be narrowed/,
      /serviceAccounts\.0\.role: has to be one of/,
    ])
      expect(text).toMatch(part);
    expect(text).not.toContain("hunter2");
  });

  it("may not name anything twice", () => {
    expect(problems((setup) => setup.users.push(setup.users[0] as never))).toMatch(/ada@example.com is there twice/);
    expect(problems((setup) => setup.workspaces.push({ name: "churn" }))).toMatch(/churn is there twice/);
  });

  it("doesn't show its text when it isn't JSON", () => {
    const file = path.join(directory, "broken.json");
    fs.writeFileSync(file, '{ "password": "hunter2", oops', { mode: 0o600 });
    expect(() => readSetupFile(file)).toThrow(/it isn't valid JSON/);
    expect(() => readSetupFile(file)).not.toThrow(/hunter2/);
    expect(() => readSetupFile(path.join(directory, "none.json"))).toThrow(/there is no file/);
  });
});
