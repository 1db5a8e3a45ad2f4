import { afterAll, beforeAll, expect, it } from "vitest";
import { PEOPLE } from "../fixtures";
import { startDockerRegistry } from "./docker-registry";
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
let registry: Awaited<ReturnType<typeof startDockerRegistry>>;
const ROBOT_PASSWORD = "a-password-of-the-robot";

beforeAll(async () => {
  [reeve, moto, registry] = await Promise.all([openReeve(), startMoto(), startDockerRegistry({ robot: { password: ROBOT_PASSWORD, may: /^ml\// } })]);
  await moto.makeBucket("wire-bucket");
  applySetup(reeve, { workspaces: [{ name: "fraud-detection", allowNetworks: ["127.0.0.0/8"] }] });
  const keys = addServiceAccounts(reeve, [{ name: "connecting", workspace: "fraud-detection", role: "contributor" }]);
  const { email, password } = PEOPLE.workspaceAdmin;
  scenarios = await openScenarios(`${reeve.url}/fraud-detection`, { user: email, password, apiKey: keys.connecting });
});
afterAll(async () => {
  scenarios?.close();
  await Promise.all([reeve?.stop(), moto?.stop(), registry?.stop()]);
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

const settings = () => ({ AWS_ENDPOINT_URL: moto.url, REGISTRY: registry.host, ROBOT_PASSWORD });

it("resources are listed across connectors, verifying asks no list, lifetimes, switches and ends are changed", async () => {
  const { unexpected, transcript, output } = await scenarios.run("07_connector_commands", settings());
  expect(unexpected, `${output}\n${transcript}`).toBe(0);
  const text = transcript.replace(/\s+/g, " ");
  for (const words of ["can be accessed by 'docker' service connectors", "No service connector resources match", "refused this name and password"])
    expect(text, words).toContain(words);
  const said = transcript.replace(/^\$ .*$/gm, ""); // but for where it was typed
  for (const key of ["canary-key-of-a-file", ROBOT_PASSWORD]) expect(said).not.toContain(key);
  const [lake] = await rows<{ expiration_seconds: number; expires_skew_seconds: number; ends: string }>(
    reeve,
    "select expiration_seconds, expires_skew_seconds, expires_at::date::text as ends from connector where name = 'lake'",
  );
  expect(lake).toEqual({ expiration_seconds: 1_800, expires_skew_seconds: 600, ends: "2031-05-01" });
  const [cloud] = await rows<{ short: boolean }>(
    reeve,
    "select (configuration ->> 'generate_temporary_tokens')::boolean as short from connector where name = 'cloud'",
  );
  expect(cloud).toEqual({ short: true });
});

it("a login writes to the engine's own file what leaves, once a Workspace Admin lets long-lived keys leave", async () => {
  await rows(reeve, "update workspace set long_lived_keys_leave = true where slug = 'fraud-detection'");
  const { unexpected, transcript, output } = await scenarios.run("08_connector_login", settings());
  expect(unexpected, `${output}\n${transcript}`).toBe(0);
  expect(transcript).toContain(Buffer.from(`robot:${ROBOT_PASSWORD}`).toString("base64"));
  const found = await rows<{ outcome: string; reach: string }>(
    reeve,
    "select outcome, reach from connector_issue where connector_name = 'registry' and outcome = 'issued' order by issued_at",
  );
  expect(found.length).toBeGreaterThanOrEqual(2);
  expect(new Set(found.map((row) => row.reach))).toEqual(new Set(["as-main-key"]));
});
