import { afterAll, beforeAll, expect, it } from "vitest";
import { PEOPLE } from "../fixtures";
import { addServiceAccounts, openReeve, rows } from "./zenml/client";
import { openScenarios } from "./zenml/scenario";

// Scenario 05: secrets with the unmodified client. Differences from the recorded server: values go to the client of who made the secret
// only (the recorded server without roles gives them to every account), and secrets are not linked to components yet.

let reeve: Awaited<ReturnType<typeof openReeve>>;
let scenarios: Awaited<ReturnType<typeof openScenarios>>;
let otherKey: string;

beforeAll(async () => {
  reeve = await openReeve();
  const keys = addServiceAccounts(reeve, [
    { name: "keeper", workspace: "fraud-detection", role: "contributor" },
    { name: "neighbour", workspace: "fraud-detection", role: "contributor" },
  ]);
  otherKey = keys.neighbour as string;
  const { email, password } = PEOPLE.workspaceAdmin;
  scenarios = await openScenarios(`${reeve.url}/fraud-detection`, { user: email, password, apiKey: keys.keeper });
});
afterAll(async () => {
  scenarios?.close();
  await reeve?.stop();
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
