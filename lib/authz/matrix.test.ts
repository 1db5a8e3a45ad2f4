import { describe, expect, it } from "vitest";
import { can, type Grant, type Subject } from "@/lib/authz/can";
import { ALWAYS_IN_SCOPE, limitsOf } from "@/lib/authz/limits";
import { PERMISSIONS, type Permission, type RoleId, ROLE_IDS } from "@/lib/authz/permissions";
import { EXPECTED, expected } from "@/lib/authz/test-rights";

// Every permission × every role × own and foreign workspace, held against the hand-written table.

const ME = "me";
const ORGANIZATION_ROLES: RoleId[] = ["system-admin", "auditor", "member"];
const PROJECT_ROLES: RoleId[] = ["contributor", "viewer", "approver"];

const grant = (role: RoleId, more: Partial<Grant> = {}): Grant => ({
  id: role,
  role,
  effect: "allow",
  scopeKind: ORGANIZATION_ROLES.includes(role) ? "organization" : "workspace",
  workspaceId: ORGANIZATION_ROLES.includes(role) ? null : "own",
  projectId: null,
  source: "person",
  since: "2026-01-01T00:00:00.000000Z",
  until: null,
  ...more,
});
const holding = (...grants: Grant[]): Subject => ({ id: ME, grants });

const PLACES = [
  { place: "own workspace", target: { workspaceId: "own", projectId: "p1" }, isForeign: false },
  { place: "foreign workspace", target: { workspaceId: "foreign", projectId: "p9" }, isForeign: true },
] as const;

it("the table names every permission there is, and no other", () => {
  const named = new Set([...EXPECTED.keys()].map((key) => key.split(" ")[1] as string));
  const nobodys = ["connector:read-value"];
  expect([...named, ...nobodys].sort()).toEqual([...PERMISSIONS].sort());
});

describe.each(ROLE_IDS.map((role) => [role]))("%s", (role) => {
  it.each(PERMISSIONS.map((permission) => [permission]))("%s", (permission) => {
    const reach = expected(role, permission);
    for (const { place, target, isForeign } of PLACES) {
      const isOut = isForeign && !ORGANIZATION_ROLES.includes(role);
      const others = can(holding(grant(role)), permission, { ...target, ownerId: "somebody else" });
      const mine = can(holding(grant(role)), permission, { ...target, ownerId: ME });
      expect(others.allowed, `${role} ${permission} on somebody else's in the ${place}`).toBe(!isOut && reach === "any");
      expect(mine.allowed, `${role} ${permission} on their own in the ${place}`).toBe(!isOut && reach !== "none");
    }
    // Nowhere in particular: only grants on the organization reach it.
    expect(can(holding(grant(role)), permission, { ownerId: "x" }).allowed).toBe(ORGANIZATION_ROLES.includes(role) && reach === "any");
  });
});

describe("rules that hold everywhere", () => {
  it("without a grant nothing is allowed", () => {
    for (const permission of PERMISSIONS) expect(can(holding(), permission, { workspaceId: "own", ownerId: ME }).allowed, permission).toBe(false);
  });

  it("a deny on one project ends at that project", () => {
    const subject = holding(grant("contributor"), grant("contributor", { effect: "deny", scopeKind: "project", projectId: "p1" }));
    expect(can(subject, "run:read", { workspaceId: "own", projectId: "p1" }).allowed).toBe(false);
    expect(can(subject, "run:read", { workspaceId: "own", projectId: "p2" }).allowed).toBe(true);
    expect(can(subject, "workspace:read", { workspaceId: "own" }).allowed).toBe(true);
    expect(can(subject, "stack:read", { workspaceId: "own" }).allowed).toBe(true);
  });

  it("a deny grant wins over every allow, in its scope only, and only for what its role holds", () => {
    for (const role of ROLE_IDS)
      for (const permission of PERMISSIONS) {
        const everything = (["system-admin", "workspace-admin", "contributor", "member"] as const).map((id) => grant(id));
        const denied = holding(...everything, grant(role, { effect: "deny" }));
        const target = { workspaceId: "own", projectId: "p1", ownerId: ME };
        const without = can(holding(...everything), permission, target).allowed;
        expect(can(denied, permission, target).allowed, `${permission} under a denied ${role}`).toBe(without && expected(role, permission) === "none");
        const elsewhere = holding(...everything, grant(role, { effect: "deny", scopeKind: "workspace", workspaceId: "foreign" }));
        expect(can(elsewhere, permission, target).allowed).toBe(without);
      }
  });

  it("the order of grants changes nothing", () => {
    const grants = [grant("viewer"), grant("contributor"), grant("member"), grant("auditor"), grant("viewer", { effect: "deny", workspaceId: "foreign" })];
    for (const permission of PERMISSIONS)
      for (const { target } of PLACES)
        for (const ownerId of [ME, "x"])
          expect(can(holding(...grants), permission, { ...target, ownerId }).allowed).toBe(
            can(holding(...[...grants].reverse()), permission, { ...target, ownerId }).allowed,
          );
  });

  it("a grant on a project reaches that project, what its workspace shares for reading, and nothing of another project", () => {
    for (const role of PROJECT_ROLES)
      for (const permission of PERMISSIONS) {
        const subject = holding(grant(role, { scopeKind: "project", projectId: "p1" }));
        const may = expected(role, permission) !== "none";
        const at = (target: object) => can(subject, permission, { workspaceId: "own", ownerId: ME, ...target }).allowed;
        expect(at({ projectId: "p1" }), `${role} ${permission} in the project`).toBe(may);
        expect(at({ projectId: "p2" }), `${role} ${permission} in another project`).toBe(false);
        expect(at({}), `${role} ${permission} on the workspace`).toBe(may && permission.endsWith(":read") && permission !== "audit-entry:read");
        expect(at({ workspaceId: "foreign", projectId: "p1" }), `${role} ${permission} in a foreign workspace`).toBe(false);
      }
  });

  it("a workload token never leaves its run's project, writes to its own run only, and of secrets and connectors only uses", () => {
    const owner = [grant("system-admin"), grant("workspace-admin"), grant("contributor"), grant("member")];
    const subject: Subject = { id: ME, grants: owner, workload: { runId: "r1", projectId: "p1", workspaceId: "own" } };
    const may = (permission: Permission, target: object) =>
      can(subject, permission, { workspaceId: "own", projectId: "p1", runId: "r1", ownerId: ME, ...target }).allowed;
    const writes = ["run:update", "artifact:create", "artifact:update", "model:create", "model:update"] as const;
    for (const permission of writes) {
      expect(may(permission, {}), permission).toBe(true);
      expect(may(permission, { runId: "r2" }), `${permission} of another run`).toBe(false);
      expect(may(permission, { projectId: "p2" }), `${permission} in another project`).toBe(false);
      expect(may(permission, { workspaceId: "foreign" }), `${permission} in another workspace`).toBe(false);
    }
    for (const permission of PERMISSIONS.filter((one) =>
      /^(secret:(?!read)|connector:(?!read$|use$)|api-key|grant|service-account|audit-entry|workspace:(?!read)|project:(?!read)|session|user:(?!read)|.*:delete$)/.test(
        one,
      ),
    ))
      if (permission !== "grant:read") expect(may(permission, {}), permission).toBe(false);
    expect(may("connector:use", {}), "a connector of its stack").toBe(true);
    expect(may("connector:use", { runId: "r2" }), "any other connector").toBe(false);
    const powerless: Subject = { ...subject, grants: [grant("viewer")] };
    for (const permission of writes)
      expect(
        can(powerless, permission, { workspaceId: "own", projectId: "p1", runId: "r1", ownerId: ME }).allowed,
        `${permission} of an owner who may not`,
      ).toBe(false);
  });

  it("a credential's scopes and place take away and never give (rule 4)", () => {
    const target = { workspaceId: "own", projectId: "p1", ownerId: ME };
    const all = [grant("system-admin"), grant("workspace-admin"), grant("contributor"), grant("member")];
    for (const scope of PERMISSIONS) {
      const limits = limitsOf({ scopes: [scope] });
      for (const permission of PERMISSIONS) {
        const whole = can(holding(...all), permission, target).allowed;
        const inScope = permission === scope || permission === `${scope.split(":")[0]}:read` || (ALWAYS_IN_SCOPE as readonly string[]).includes(permission);
        expect(can({ id: ME, grants: all, limits }, permission, target).allowed, `${permission} with ${scope}`).toBe(whole && inScope);
        expect(can({ id: ME, grants: [], limits }, permission, target).allowed, `${permission} with ${scope} of nobody's`).toBe(false);
      }
    }
    const bound = { id: ME, grants: all, limits: limitsOf({ workspaceId: "own", projectId: "p1" }) };
    expect(can(bound, "run:update", target).allowed).toBe(true);
    expect(can(bound, "run:read", { ...target, projectId: "p2" }).allowed).toBe(false);
    expect(can(bound, "run:read", { ...target, workspaceId: "foreign" }).allowed).toBe(false);
    expect(can(bound, "stack:read", { workspaceId: "own" }).allowed).toBe(true);
    expect(can(bound, "stack:create", { workspaceId: "own" }).allowed).toBe(false);
    expect(can(bound, "user:create").allowed, "nothing of the organization").toBe(false);
    expect(limitsOf({ scopes: null }), "no scopes: all that the owner may").toBeUndefined();
    expect(can({ id: ME, grants: all, limits: limitsOf({ scopes: [] }) }, "run:read", target).allowed, "an empty list: next to nothing").toBe(false);
  });

  it("a System Admin and an Auditor read no secret value; an Auditor changes nothing but reviews and evidence", () => {
    const target = { workspaceId: "own", projectId: "p1", ownerId: "x" };
    expect(can(holding(grant("system-admin"), grant("member")), "secret:read-value", target).allowed).toBe(false);
    const allowed = PERMISSIONS.filter((permission) => can(holding(grant("auditor")), permission, target).allowed && !permission.endsWith(":read"));
    expect(allowed.sort()).toEqual(
      [
        "access-review:create",
        "access-review:sign-off",
        "artifact:download",
        "audit-entry:export",
        "audit-entry:verify",
        "evidence:create",
        "evidence:sign-off",
      ].sort(),
    );
  });
});
