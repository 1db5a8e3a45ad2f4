import { execFileSync } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT } from "../fixtures";
import { applySetup, openReeve, rows } from "./zenml/client";

// A SCIM client that knows nothing of us reads what the endpoint says of itself, and tries by that whatever a client may do with people and
// groups: scim2-tester on scim2-client (PEERS.md).

const VENV = process.env.REEVE_SCIM_VENV ?? path.join(ROOT, ".cache", "scim-venv");

let reeve: Awaited<ReturnType<typeof openReeve>>;
let results: { status: string; title: string; resource: string | null; reason: string | null }[];

beforeAll(async () => {
  reeve = await openReeve();
  const written = applySetup(reeve, { directories: [{ name: "generic", displayName: "Generic", provider: "other", tokenFile: "./generic.token" }] });
  await rows(reeve, "update directory set hold_percent = 100 where slug = 'generic'"); // it deletes all that it made
  const args = [path.join(import.meta.dirname, "scim", "check.py"), `${reeve.url}/api/scim/v2/generic`, written("generic.token")];
  const output = execFileSync(path.join(VENV, "bin", "python"), args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  results = output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
});
afterAll(() => reeve?.stop());

/** What it asks beyond the RFCs. */
const BEYOND = [
  // "The service provider MAY assign a default value" (RFC 7644 §3.5.2.2): who is active stays so, or a careless client would end accounts.
  /did not remove attribute 'active'/,
  // What only the server says of a member (readOnly) is to be missing where the client left it out; the member itself is the same.
  /value for 'members'.*\(value='([^']+)', ref='([^']+)', display=None, type=None\)\]\nReturned value: \[Members\(value='\1', ref='\2', display='[^']+', type='User'\)\]$/s,
];

it("finds an endpoint that keeps to RFC 7643 and 7644", () => {
  const wrong = results.filter(({ status }) => ["DEVIATION", "ERROR", "CRITICAL"].includes(status));
  expect(wrong.filter(({ reason }) => !BEYOND.some((one) => one.test(reason ?? "")))).toEqual([]);
});

it.each(["User", "Group"])("tried every way with a %s", (resource) => {
  const tried = new Set(results.filter((one) => one.resource === resource && one.status !== "SKIPPED").map(({ title }) => title));
  for (const way of [
    "object_creation",
    "object_query",
    "object_query_without_id",
    "object_query_with_attributes",
    "object_list_with_attributes",
    "search_with_attributes",
    "object_replacement",
    "object_deletion",
    "check_add_attribute",
    "check_remove_attribute",
    "check_replace_attribute",
  ])
    expect(tried, way).toContain(way);
});
