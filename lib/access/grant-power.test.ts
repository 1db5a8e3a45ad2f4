import { describe, expect, it } from "vitest";
import { can, type Grant, type Subject } from "@/lib/authz/can";
import { PERMISSIONS, type Permission, ROLE_IDS, ROLES, type RoleId, systemRole } from "@/lib/authz/permissions";
import { type GrantScope, powerOver } from "./grant-power";

// Rule 1 as a property, over generated granters: what a grant may be opened with gives its holder nothing, anywhere, that the granter does
// not have. Seeded, so that a failure can be made again.

let state = 20261122;
const below = (count: number) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * count);
};
const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;

const SCOPES: GrantScope[] = [
  { kind: "organization", workspaceId: null, projectId: null },
  ...["w1", "w2"].flatMap((workspaceId): GrantScope[] => [
    { kind: "workspace", workspaceId, projectId: null },
    { kind: "project", workspaceId, projectId: `${workspaceId}-p1` },
    { kind: "project", workspaceId, projectId: `${workspaceId}-p2` },
  ]),
];
/** Of one thing, of the granter's own or of somebody else's. */
const SHARES = ["granter", "x"].flatMap((ownerId) =>
  SCOPES.slice(1).map((scope): GrantScope => {
    const type = scope.kind === "workspace" ? "stack" : "model";
    return { ...scope, thing: { type, id: `${type} of ${scope.projectId ?? scope.workspaceId} by ${ownerId}`, name: type, ownerId } };
  }),
);
const targetOf = ({ workspaceId, projectId, thing }: GrantScope, ownerId: string | null) => ({ workspaceId, projectId, thing, ownerId });
const FAR = "2027-01-01T00:00:00.000000Z";
const NEAR = "2026-12-01T00:00:00.000000Z";

function grant(role: RoleId, scope: GrantScope, more: Partial<Grant> = {}): Grant {
  const { kind: scopeKind, workspaceId, projectId, thing } = scope;
  return { id: `${role} ${below(1e9)}`, role, effect: "allow", scopeKind, workspaceId, projectId, thing, source: "person", since: "", until: null, ...more };
}

const fits = (role: RoleId, scope: GrantScope) =>
  role !== "member" &&
  (scope.thing ? !(ROLES[role].scope as readonly string[]).includes("organization") : (ROLES[role].scope as readonly string[]).includes(scope.kind));
const anyGrant = (): Grant => {
  const scope = pick(below(3) === 0 ? SHARES : SCOPES);
  const isDeny = !scope.thing && below(6) === 0;
  return grant(pick(ROLE_IDS.filter((role) => fits(role, scope))), scope, { effect: isDeny ? "deny" : "allow", until: pick([null, null, FAR, NEAR]) });
};
const subject = (id: string, grants: Grant[]): Subject => ({ id, grants });

const powerOf = (granter: Subject, role: RoleId, scope: GrantScope) => powerOver(granter, systemRole(role), scope);

describe("whoever does not administer the whole organization", () => {
  it("passes on only what they hold, wherever it reaches and as long as it lasts", () => {
    let allowed = 0;
    for (let round = 0; round < 1_500; round++) {
      const granter = subject("granter", Array.from({ length: 1 + below(5) }, anyGrant));
      if (can(granter, "grant:create").allowed) continue;
      const scope = pick(below(2) === 0 ? SHARES : SCOPES);
      const role = pick(ROLE_IDS.filter((one) => fits(one, scope)));
      const power = powerOf(granter, role, scope);
      if (power.missing.length > 0) continue;
      allowed++;
      const holder = subject("holder", [grant(role, scope)]);
      // What the granter still holds at the end of what they may give.
      const later =
        power.until === null
          ? granter
          : subject(
              "granter",
              granter.grants.filter((one) => one.until === null || one.until >= (power.until as string) || one.effect === "deny"),
            );
      for (const permission of PERMISSIONS)
        for (const place of [...SCOPES, scope, pick(SHARES)])
          for (const isOwn of [false, true]) {
            if (scope.thing && permission === "user:read") continue; // of themselves
            if (scope.thing && permission === "workspace:read" && place.projectId) continue; // one workspace, whichever of its projects it is asked from
            const owner = (who: string) => place.thing?.ownerId ?? (isOwn ? who : "x");
            if (!can(holder, permission, targetOf(place, owner("holder"))).allowed) continue;
            const held = can(later, permission, targetOf(place, owner("granter"))).allowed;
            expect(held, `${role} on ${scope.kind} gives ${permission} at ${JSON.stringify(place)} to ${JSON.stringify(granter.grants)}`).toBe(true);
          }
    }
    expect(allowed).toBeGreaterThan(100);
  });

  it("is told what is missing", () => {
    const admin = subject("a", [grant("workspace-admin", SCOPES[1] as GrantScope)]);
    expect(powerOf(admin, "contributor", SCOPES[1] as GrantScope)).toEqual({ missing: [], until: null });
    expect(powerOf(admin, "viewer", SCOPES[2] as GrantScope)).toEqual({ missing: [], until: null });
    expect(powerOf(admin, "approver", SCOPES[1] as GrantScope).missing).toEqual(["approval:decide"]);
    expect(powerOf(admin, "workspace-admin", SCOPES[4] as GrantScope).missing).toContain("workspace:read");
    expect(powerOf(admin, "auditor", SCOPES[0] as GrantScope).missing.length).toBeGreaterThan(10);
  });

  it("loses the power with a deny inside the scope, and with its own end", () => {
    const here = SCOPES[1] as GrantScope;
    const denied = subject("a", [grant("workspace-admin", here), grant("viewer", SCOPES[2] as GrantScope, { effect: "deny" })]);
    expect(powerOf(denied, "viewer", here).missing).toContain("run:read");
    expect(powerOf(denied, "viewer", SCOPES[3] as GrantScope).missing).toEqual([]);
    expect(powerOf(subject("a", [grant("workspace-admin", here, { until: NEAR })]), "viewer", here).until).toBe(NEAR);
    expect(powerOf(subject("a", [grant("workspace-admin", here, { until: NEAR }), grant("workspace-admin", here)]), "viewer", here).until).toBeNull();
  });
});

it("who administers grants of the whole organization passes on every role, for as long as they do", () => {
  const system = subject("a", [grant("system-admin", SCOPES[0] as GrantScope, { until: FAR })]);
  for (const scope of SCOPES)
    for (const role of ROLE_IDS.filter((one) => fits(one, scope))) expect(powerOf(system, role, scope)).toEqual({ missing: [], until: FAR });
});

it("a credential's scopes take the power away", () => {
  const limits = { permissions: new Set<Permission>(["grant:create", "grant:read"]), workspaceId: null, projectId: null };
  const admin: Subject = { ...subject("a", [grant("workspace-admin", SCOPES[1] as GrantScope)]), limits };
  expect(powerOf(admin, "viewer", SCOPES[1] as GrantScope).missing).toContain("run:read");
});
