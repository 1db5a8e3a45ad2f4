import { describe, expect, it } from "vitest";
import { can, type Grant, type Subject } from "./can";
import { type Permission, PERMISSIONS, ROLE_IDS, type RoleId } from "./permissions";
import { type View, viewedGrants } from "./view";

// Who views as a role may do what both they and the role may, there, and nothing else.

const WORKSPACES = ["w1", "w2"];
const PROJECTS: Record<string, string[]> = { w1: ["p1", "p2"], w2: ["p3"] };

/** A generator that gives the same numbers each time. */
function numbers(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

function places(): Pick<Grant, "scopeKind" | "workspaceId" | "projectId">[] {
  return [
    { scopeKind: "organization", workspaceId: null, projectId: null },
    ...WORKSPACES.flatMap((workspaceId) => [
      { scopeKind: "workspace" as const, workspaceId, projectId: null },
      ...(PROJECTS[workspaceId] ?? []).map((projectId) => ({ scopeKind: "project" as const, workspaceId, projectId })),
    ]),
  ];
}
const PLACES = places();
/** Stacks are a workspace's, models a project's. */
const thingIn = (projectId: string | null) => (projectId ? { type: "model" as const, id: `m of ${projectId}` } : { type: "stack" as const, id: "s1" });
const TARGETS = PLACES.flatMap(({ workspaceId, projectId }) =>
  ["me", "you"].flatMap((ownerId) => [undefined, { ...thingIn(projectId), name: null }].map((thing) => ({ workspaceId, projectId, ownerId, thing }))),
);

const grantOf = (role: RoleId, place: Pick<Grant, "scopeKind" | "workspaceId" | "projectId">, effect: Grant["effect"] = "allow"): Grant => ({
  id: `${role} ${place.scopeKind}`,
  role,
  effect,
  ...place,
  source: "person",
  since: "2026-01-01T00:00:00Z",
  until: null,
});
const viewOf = (role: RoleId, workspaceId: string | null, projectId: string | null = null): View => ({
  role,
  rights: null,
  workspaceId,
  projectId,
  place: null,
  until: "2026-01-01T01:00:00Z",
});
const allowed = (grants: readonly Grant[], permission: Permission, target: object) => can({ id: "me", grants } satisfies Subject, permission, target).allowed;

describe("viewing as a role", () => {
  it("allows exactly what the person may and what somebody with the role alone may, for any grants", () => {
    const next = numbers(7);
    const pick = <T>(from: readonly T[]): T => from[next(from.length)] as T;
    let seen = 0;
    for (let trial = 0; trial < 300; trial++) {
      const share = () => {
        const place = pick(PLACES.slice(1));
        return { ...grantOf(pick(ROLE_IDS), place), thing: thingIn(place.projectId) };
      };
      const grants = Array.from({ length: 1 + next(4) }, () =>
        next(4) === 0 ? share() : grantOf(pick(ROLE_IDS), pick(PLACES), next(5) === 0 ? "deny" : "allow"),
      );
      const role = pick(ROLE_IDS);
      const place = pick(PLACES);
      const viewed = viewedGrants(grants, viewOf(role, place.workspaceId, place.projectId));
      const alone = [grantOf(role, place)];
      for (const target of TARGETS)
        for (let each = 0; each < 12; each++) {
          const permission = pick(PERMISSIONS);
          const may = allowed(viewed, permission, target);
          if (may) seen++;
          const both = allowed(grants, permission, target) && allowed(alone, permission, target);
          // A role that is held in one project and looked at from another place may show less than both would, and never more.
          if (may) expect(both, `${role} at ${place.scopeKind}: ${permission}`).toBe(true);
          else if (grants.every((grant) => grant.scopeKind === "organization")) expect(both, `${role} at ${place.scopeKind}: ${permission}`).toBe(false);
        }
    }
    expect(seen).toBeGreaterThan(100);
  });

  it("leaves a System Admin the reading that a Viewer has, in that workspace alone", () => {
    const admin = [grantOf("system-admin", PLACES[0] as (typeof PLACES)[number])];
    const viewed = viewedGrants(admin, viewOf("viewer", "w1"));
    expect(viewed).toMatchObject([{ role: "viewer", scopeKind: "workspace", workspaceId: "w1" }]);
    expect(allowed(viewed, "run:read", { workspaceId: "w1" })).toBe(true);
    expect(allowed(viewed, "run:read", { workspaceId: "w2" })).toBe(false);
    expect(allowed(viewed, "grant:create", { workspaceId: "w1" })).toBe(false);
    expect(allowed(viewed, "organization:read", {})).toBe(false);
  });

  it("gives no right that the person lacks, and takes their own denies along", () => {
    const place = { scopeKind: "workspace" as const, workspaceId: "w1", projectId: null };
    const viewed = viewedGrants(
      [grantOf("viewer", place), grantOf("viewer", { ...place, scopeKind: "project", projectId: "p2" }, "deny")],
      viewOf("workspace-admin", "w1"),
    );
    expect(allowed(viewed, "secret:read-value", { workspaceId: "w1" })).toBe(false);
    expect(allowed(viewed, "run:read", { workspaceId: "w1", projectId: "p1" })).toBe(true);
    expect(allowed(viewed, "run:read", { workspaceId: "w1", projectId: "p2" })).toBe(false);
  });

  it("shows a role of the organization's own by the rights that it has today, and nothing once it is gone", () => {
    const admin = [grantOf("system-admin", PLACES[0] as (typeof PLACES)[number])];
    const own = { ...viewOf("viewer", "w1"), role: "risk-reader" };
    expect(viewedGrants(admin, { ...own, rights: { "stack:read": "any" } })).toMatchObject([{ role: "risk-reader", rights: { "stack:read": "any" } }]);
    expect(viewedGrants(admin, own)).toEqual([]);
  });
});
