import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PEOPLE } from "../fixtures";
import { addServiceAccounts, openReeve, rows, type ZenmlClient, zenmlClient } from "./zenml/client";
import { openScenarios } from "./zenml/scenario";

// Secrets with the unmodified client: scenario 05, `--secret` of stacks and components, and secrets that code names. Difference from the recorded server: values go to
// the client of who made the secret only (the recorded server without roles gives them to every account).

let reeve: Awaited<ReturnType<typeof openReeve>>;
let scenarios: Awaited<ReturnType<typeof openScenarios>>;
let otherKey: string;
let folder: string;
let keeper: ZenmlClient;

beforeAll(async () => {
  reeve = await openReeve();
  const keys = addServiceAccounts(reeve, [
    { name: "keeper", workspace: "fraud-detection", role: "contributor" },
    { name: "neighbour", workspace: "fraud-detection", role: "contributor" },
  ]);
  otherKey = keys.neighbour as string;
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-secrets-"));
  keeper = zenmlClient(path.join(folder, "keeper"), { url: `${reeve.url}/fraud-detection`, key: keys.keeper as string });
  const { email, password } = PEOPLE.workspaceAdmin;
  scenarios = await openScenarios(`${reeve.url}/fraud-detection`, { user: email, password, apiKey: keys.keeper });
});
afterAll(async () => {
  scenarios?.close();
  await reeve?.stop();
  if (folder) fs.rmSync(folder, { recursive: true, force: true });
});

it("every command of scenario 05 ends as on the recorded server", async () => {
  const { unexpected, transcript, output } = await scenarios.run("05_secrets", { OTHER_KEY: otherKey });
  expect(unexpected, `${output}\n${transcript}`).toBe(0);
  const text = transcript.replace(/\s+/g, " ");
  for (const words of [
    "Secret 'db' successfully created.",
    "Found an existing public secret with the same 'db' name",
    "Secret 'multi' successfully updated.",
    "Secret 'multi' successfully renamed to 'multi2'.",
    "s3cret",
    "That role allows secret:read-value only on things you created.",
  ])
    expect(text, words).toContain(words);
});

it("each change is an entry, each reading of values a use and an entry, and no value is in the database as it is", async () => {
  const entries = await rows<{ action: string; outcome: string; count: number }>(
    reeve,
    "select action, outcome, count(*)::int as count from audit_entry where action like 'secret.%' group by 1, 2 order by 1, 2",
  );
  const count = (action: string, outcome = "allowed") => entries.find((entry) => entry.action === action && entry.outcome === outcome)?.count ?? 0;
  expect([count("secret.created"), count("secret.updated"), count("secret.deleted")]).toEqual([3, 3, 2]);
  expect(count("secret.read")).toBeGreaterThan(5);
  const [uses] = await rows<{ count: number }>(reeve, "select count(*)::int as count from secret_use where purpose = 'client'");
  expect(uses?.count).toBe(count("secret.read"));
  const [left] = await rows<{ found: boolean }>(reeve, "select exists (select from secret_version where encode(sealed, 'escape') like '%s3cret%') as found");
  expect(left?.found).toBe(false);
});

/** Runs a command that has to succeed; gives what it printed on one line. */
async function ok(...args: string[]): Promise<string> {
  const { code, output } = await keeper.zenml(...args);
  expect(code, output).toBe(0);
  return output.replace(/\s+/g, " ");
}
type Bound = { name: string; kind: string; target: string; step: string | null; path: string };
const bound = (name: string) =>
  rows<Bound>(
    reeve,
    `select s.name, b.kind, b.target_name as target, b.step, b.path from secret_binding b join secret s on s.id = b.secret_id
     where s.name = $1 and b.valid_to is null order by b.kind`,
    [name],
  );

it("--secret binds to a component and a stack, and --remove-secret ends it", async () => {
  await ok("secret", "create", "linked", "--token=canary-linked");
  await ok("orchestrator", "register", "linked_runner", "--flavor=local", "--secret", "linked");
  await ok("artifact-store", "register", "linked_store", "--flavor=local");
  await ok("stack", "register", "linked_stack", "-o", "linked_runner", "-a", "linked_store", "--secret", "linked");
  expect(await bound("linked")).toEqual([
    { name: "linked", kind: "component", target: "linked_runner", step: null, path: "attached" },
    { name: "linked", kind: "stack", target: "linked_stack", step: null, path: "attached" },
  ]);
  await ok("stack", "update", "linked_stack", "--remove-secret", "linked");
  expect((await bound("linked")).map((one) => one.kind)).toEqual(["component"]);
  expect(await ok("secret", "list", "--name=linked")).toContain("linked");
});

it("secrets that code names reach the step, and are bound to its pipeline and step for that snapshot", async () => {
  await ok("secret", "create", "named-all", "--ALL_KEY=canary-all");
  await ok("secret", "create", "named-step", "--STEP_KEY=canary-step");
  const { code, output } = await keeper.python("named.py");
  expect(code, output).toBe(0);
  expect(output).toContain(`SEEN ${createHash("sha256").update("canary-allcanary-step").digest("hex")}`);
  expect(await bound("named-all")).toEqual([{ name: "named-all", kind: "pipeline", target: "named_in_code", step: null, path: "code" }]);
  expect(await bound("named-step")).toEqual([{ name: "named-step", kind: "step", target: "named_in_code", step: "load", path: "code" }]);
  const uses = await rows<{ name: string; exactness: string | null }>(
    reeve,
    `select distinct s.name, u.exactness from secret_use u join secret s on s.id = u.secret_id where s.name like 'named-%' and u.run_id is not null order by 1`,
  );
  expect(uses.map((use) => use.name)).toEqual(["named-all", "named-step"]);
});
