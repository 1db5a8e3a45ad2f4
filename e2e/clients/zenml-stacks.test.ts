import { afterAll, beforeAll, expect, it } from "vitest";
import { PEOPLE } from "../fixtures";
import { addServiceAccounts, openReeve, rows } from "./zenml/client";
import { openScenarios } from "./zenml/scenario";

// Scenario 04: flavors, components and stacks with the unmodified client, import and a custom flavor on top. Differences from the recorded
// server: a refused deletion also names what uses the thing; schemas of built-in flavors carry no prose, so `flavor describe` prints
// names and types only; logos are not sent; connectors are a later issue and answer 501.

let reeve: Awaited<ReturnType<typeof openReeve>>;
let scenarios: Awaited<ReturnType<typeof openScenarios>>;

beforeAll(async () => {
  reeve = await openReeve();
  const { stacker } = addServiceAccounts(reeve, [{ name: "stacker", workspace: "fraud-detection", role: "contributor" }]);
  const { email, password } = PEOPLE.workspaceAdmin;
  scenarios = await openScenarios(`${reeve.url}/fraud-detection`, { user: email, password, apiKey: stacker });
});
afterAll(async () => {
  scenarios?.close();
  await reeve?.stop();
});

it("every command of scenario 04 ends as on the recorded server", async () => {
  const { unexpected, transcript, output } = await scenarios.run("04_stacks");
  expect(unexpected, `${output}\n${transcript}`).toBe(0);
  const text = transcript.replace(/\s+/g, " ");
  for (const words of [
    "zenml.artifact_stores.local_artifact_store.LocalArtifactStoreFlavor",
    "Configuration class: LocalOrchestratorConfig",
    "Successfully registered artifact_store `my_store`.",
    "Unable to register 'artifact_store' component with name 'my_store': Found an existing component with the same name and type.",
    "No flavor with name 'nosuch' and type 'artifact_store' exists.",
    "Invalid configuration keys ['nosuchoption'] for local artifact_store.",
    "Successfully renamed orchestrator `my_orch` to `my_orch2`.",
    "Active global stack set to:'s1'",
    "Stack `s1` successfully renamed to `s1b`!",
    "Stack Component `my_store` of type `artifact_store cannot be deleted as it is part of 1 stacks. Before deleting this stack component, make sure to remove it from all stacks. It is in s1b.",
    "Unable to register 'artifact_store' flavor with name 'shelf' and type 'artifact_store': Found an existing flavor with the same name and type.",
    "cannot be deleted as it is used by 1 components",
    "{{shelf.token}}",
  ])
    expect(text, words).toContain(words);
  // The links that the client prints are pages of ours.
  expect(text).toMatch(/Dashboard URL: \S+\/fraud-detection\/components\/[0-9a-f-]{36}/);
  expect(text).toMatch(/Dashboard URL: \S+\/fraud-detection\/stacks/);
});

it("leaves one entry per change, and nothing behind", async () => {
  const entries = await rows<{ action: string; count: number }>(
    reeve,
    "select action, count(*)::int as count from audit_entry where actor_name = 'stacker' and outcome = 'allowed' and action ~ '^(component|stack|flavor)\\.' group by 1 order by 1",
  );
  expect(Object.fromEntries(entries.map((entry) => [entry.action, entry.count]))).toMatchObject({
    "component.created": 5,
    "component.deleted": 5,
    "component.updated": 3,
    "flavor.created": 1,
    "flavor.deleted": 1,
    "stack.created": 4,
    "stack.deleted": 4,
    "stack.updated": 3,
  });
  const [left] = await rows<{ count: number }>(
    reeve,
    "select (select count(*) from stack where created_by = p.id)::int + (select count(*) from component where created_by = p.id)::int as count from principal p where p.name = 'stacker'",
  );
  expect(left?.count).toBe(0);
});
