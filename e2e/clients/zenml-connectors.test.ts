import { afterAll, beforeAll, expect, it } from "vitest";
import { PEOPLE } from "../fixtures";
import { type Moto, startMoto } from "./moto";
import { addServiceAccounts, applySetup, openReeve, rows } from "./zenml/client";
import { openScenarios } from "./zenml/scenario";

// Scenario 06: connectors with the unmodified client before moto, which speaks like AWS. Differences from the recorded server:
//
//   what                                   recorded                      here
//   describe --show-secrets                shows the main keys           shows marks; sent back they keep what they stand for
//   login and --client of a long-lived key gives out the key             403, unless the workspace lets long-lived keys leave
//   verify of a registry                   trusts the configuration      asks the registry
//   where AWS is                           AWS_ENDPOINT_URL of the server  endpoint_url of the connector
//   registering                            keeps what is sent            tries it too, and marks what was not accepted
//   refused by the other side              401 AuthorizationException    400: a 401 makes the client log in again

let reeve: Awaited<ReturnType<typeof openReeve>>;
let scenarios: Awaited<ReturnType<typeof openScenarios>>;
let moto: Moto;

beforeAll(async () => {
  [reeve, moto] = await Promise.all([openReeve(), startMoto()]);
  await moto.makeBucket("wire-bucket");
  applySetup(reeve, { workspaces: [{ name: "fraud-detection", allowNetworks: ["127.0.0.0/8"] }] });
  const keys = addServiceAccounts(reeve, [{ name: "connecting", workspace: "fraud-detection", role: "contributor" }]);
  const { email, password } = PEOPLE.workspaceAdmin;
  scenarios = await openScenarios(`${reeve.url}/fraud-detection`, { user: email, password, apiKey: keys.connecting });
});
afterAll(async () => {
  scenarios?.close();
  await Promise.all([reeve?.stop(), moto?.stop()]);
});

it("every command of scenario 06 ends as on the recorded server, or as the table above says", async () => {
  const { unexpected, transcript, output } = await scenarios.run("06_connectors", { AWS_ENDPOINT_URL: moto.url });
  expect(unexpected, `${output}\n${transcript}`).toBe(0);
  const text = transcript.replace(/\s+/g, " ");
  for (const words of [
    "held by Reeve",
    "Found an existing service connector with the same 'aws1' name",
    "s3://wire-bucket",
    "still referenced by 1 stack components",
    "AUTH METHOD │ sts-token",
  ])
    expect(text, words).toContain(words);
});

it("what was refused is in the ledger, and no main key is in the database as it is", async () => {
  const found = await rows<{ reason: string }>(reeve, "select distinct reason from connector_issue where outcome = 'refused' and connector_name = 'dock'");
  expect(found.map((row) => row.reason)).toEqual(["long_lived_key"]);
  const [left] = await rows<{ count: number }>(reeve, "select count(*)::int as count from connector where configuration::text like '%aws_secret_access_key%'");
  expect(left?.count).toBe(0);
});
