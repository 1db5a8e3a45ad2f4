import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { seedUi } from "@/e2e/seed-ui";
import type { RoleId } from "@/lib/authz/permissions";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { getEntry, listEntries } from "./list-entries";

const db = useTestDatabase();
let organization: TestOrganization;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  organization = await makeTestOrganization();
  await seedUi(db.ownerUrl, { workspace: organization.own.workspace.slug, runs: 12 });
  await seedUi(db.ownerUrl, { workspace: organization.foreign.workspace.slug, runs: 6 });
});

const list = (role: RoleId, where: "own" | "foreign" | "organization", input: Record<string, unknown> = {}) =>
  ask(listEntries, callAs(organization.people[role], where === "organization" ? null : organization[where].workspace), {
    conditions: [],
    limit: 1000,
    ...input,
  });

describe("who reads what", () => {
  it("a contributor reads own acts, a viewer the workspace, neither another one", async () => {
    const whole = await list("viewer", "own");
    const own = await list("contributor", "own");
    expect(own.rows.length).toBeGreaterThan(0);
    expect(new Set(own.rows.map((entry) => entry.actor.name))).toEqual(new Set(["The Contributor"]));
    expect(whole.rows.filter((entry) => entry.actor.name === "The Contributor")).toEqual(own.rows);
    expect(whole.rows.length).toBeGreaterThan(own.rows.length);
    for (const role of ["viewer", "contributor", "workspace-admin"] as const) expect((await list(role, "foreign")).rows).toEqual([]);
  });

  it("the organization's list holds all for the auditor, the own workspace for its admin", async () => {
    const whole = await list("auditor", "organization");
    expect(new Set(whole.rows.map((entry) => entry.workspace))).toEqual(new Set([organization.own.workspace.slug, organization.foreign.workspace.slug]));
    const admin = await list("workspace-admin", "organization");
    expect(new Set(admin.rows.map((entry) => entry.workspace))).toEqual(new Set([organization.own.workspace.slug]));
  });

  it("an entry that one may not list is not found", async () => {
    const foreign = (await list("auditor", "foreign")).rows[0]?.seq ?? 0;
    const read = (role: RoleId, where: "own" | "foreign") => ask(getEntry, callAs(organization.people[role], organization[where].workspace), { seq: foreign });
    expect((await read("auditor", "foreign")).seq).toBe(foreign);
    await expect(read("auditor", "own")).rejects.toMatchObject({ code: "not_found" });
    await expect(read("viewer", "own")).rejects.toMatchObject({ code: "not_found" });
  });
});

it("pages walk the numbers down and up without a gap, and a cursor keeps to its direction", async () => {
  const whole = (await list("auditor", "organization")).rows.map((entry) => entry.seq);
  for (const direction of ["desc", "asc"]) {
    const seen: number[] = [];
    let after: string | undefined;
    do {
      const answer = await list("auditor", "organization", { limit: 7, direction, after });
      seen.push(...answer.rows.map((entry) => entry.seq));
      after = answer.next ?? undefined;
    } while (after);
    expect(seen).toEqual([...whole].sort((a, b) => (direction === "desc" ? b - a : a - b)));
  }
  const { next } = await list("auditor", "organization", { limit: 7 });
  await expect(list("auditor", "organization", { limit: 7, direction: "asc", after: next })).rejects.toMatchObject({ code: "bad_request" });
});

it("filters by outcome, action and changed field", async () => {
  const denied = await list("auditor", "own", { conditions: [{ field: "outcome", op: "oneof", value: ["denied"] }] });
  expect(denied.rows.map((entry) => entry.action)).toEqual(["secret.read"]);
  const changed = await list("auditor", "own", { conditions: [{ field: "changed", op: "oneof", value: ["until"] }] });
  expect(changed.rows.map((entry) => entry.action)).toEqual(["grant.updated"]);
  const none = await list("auditor", "own", { conditions: [{ field: "action", op: "startswith", value: "zzz" }] });
  expect(none).toMatchObject({ rows: [], countsWithout: [(await list("auditor", "own")).total.count] });
});
