import { afterAll, beforeAll, expect, it } from "vitest";
import { PEOPLE } from "../fixtures";
import { openReeve } from "./zenml/client";
import { openScenarios } from "./zenml/scenario";

// Scenario 01: the ways in with the unmodified client (device, password, key), and its authorized devices. Differences from the recorded
// server: no activation and no cookies; device codes poll every 5 s instead of 1; the API key is made over the wire as there;
// `zenml logout` needs the client's local store, which the test environment has no packages for.

let reeve: Awaited<ReturnType<typeof openReeve>>;
let scenarios: Awaited<ReturnType<typeof openScenarios>>;

beforeAll(async () => {
  reeve = await openReeve();
  const { email, password } = PEOPLE.workspaceAdmin;
  scenarios = await openScenarios(`${reeve.url}/fraud-detection`, { user: email, password });
});
afterAll(async () => {
  scenarios?.close();
  await reeve?.stop();
});

it("every command of scenario 01 ends as on the recorded server", async () => {
  const { unexpected, transcript, output } = await scenarios.run("01_auth");
  expect(unexpected, `${output}\n${transcript}`).toBe(0);
  const text = transcript.replace(/\s+/g, " ");
  for (const words of [
    '{"detail":["IllegalOperationError","The server is already active.',
    '{"detail":["CredentialsNotValid","Not authenticated"]}',
    '{"detail":["CredentialsNotValid","Authentication error: invalid username or password"]}',
    '{"detail":"Unsupported grant type: bogus"}',
    '{"detail":["CredentialsNotValid","Authentication error: error decoding API key"]}',
    '{"detail":["ValueError","Invalid request: invalid user code."]}',
    "Successfully logged in",
    "Locked authorized device",
    "is not active",
    "Deleted authorized device",
    "No authorized device with this ID found",
    "invalid username or password",
    '{"detail":["ValueError","The maximum expiration time for generic API tokens allowed by this server is 604800 seconds."]}',
    '{"detail":["ValueError","Workload API tokens must be scoped to a schedule, pipeline run or deployment."]}',
  ])
    expect(text, words).toContain(words.replace(/\s+/g, " "));
  expect(transcript).not.toMatch(/ZENKEY_[A-Za-z0-9+/=]{40}/);
});
