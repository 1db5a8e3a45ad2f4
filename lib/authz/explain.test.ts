import { expect, it } from "vitest";
import { can, type Grant } from "@/lib/authz/can";
import { explain } from "@/lib/authz/explain";
import { PERMISSIONS, ROLES, type RoleId } from "@/lib/authz/permissions";

const grant = (role: RoleId, more: Partial<Grant> = {}): Grant => ({
  id: role,
  role,
  effect: "allow",
  scopeKind: "workspace",
  workspaceId: "w",
  projectId: null,
  source: "group_rule",
  since: "2026-01-01T00:00:00.000000Z",
  until: null,
  ...more,
});
const subject = (...grants: Grant[]) => ({ id: "me", grants });
const here = { workspaceId: "w", projectId: "p", ownerId: "somebody else" };

it("names the grant that allowed it", () => {
  const explanation = explain(subject(grant("viewer"), grant("workspace-admin")), "run:delete", here);
  expect(explanation).toMatchObject({ allowed: true, decision: { grant: { role: "workspace-admin" } }, sentence: "Workspace Admin allows run:delete." });
});

it("names what one is and the smallest role that would do", () => {
  const explanation = explain(subject(grant("viewer")), "run:create", here);
  expect(explanation).toMatchObject({ allowed: false, needed: { role: "contributor" }, held: [{ role: "viewer", source: "group_rule" }] });
  expect(explanation.sentence).toBe("You are Viewer here. Contributor would allow run:create.");
});

it("says that a role reaches one's own things only", () => {
  const explanation = explain(subject(grant("contributor")), "run:stop", here);
  expect(explanation).toMatchObject({ allowed: false, decision: { reason: "not_owner" }, needed: { role: "workspace-admin" } });
  expect(explanation.sentence).toContain("only on things you created");
});

it("says that a deny grant refuses, and offers no role", () => {
  const explanation = explain(subject(grant("workspace-admin"), grant("contributor", { effect: "deny" })), "run:create", here);
  expect(explanation).toMatchObject({ allowed: false, decision: { reason: "denied_by_grant" }, needed: undefined });
  expect(explanation.sentence).toContain("A deny grant refuses run:create.");
});

it("tells a person without a role so", () => {
  expect(explain(subject(), "run:read", here).sentence).toMatch(/^You hold no role here\. .+ would allow run:read\.$/);
});

it("does not count what one holds elsewhere", () => {
  expect(explain(subject(grant("workspace-admin", { workspaceId: "other" })), "run:read", here).held).toEqual([]);
});

it("says so when no role allows it", () => {
  expect(explain(subject(grant("workspace-admin")), "connector:read-value", here).sentence).toContain("No role allows connector:read-value here.");
});

it("decides as `can` does, and the role it names would really allow it at the scope it names", () => {
  for (const permission of PERMISSIONS)
    for (const role of Object.keys(ROLES) as RoleId[])
      for (const target of [here, { workspaceId: "w", ownerId: "x" }, { ownerId: "x" }]) {
        const scopes: readonly string[] = ROLES[role].scope;
        const held = scopes.includes("organization") ? grant(role, { scopeKind: "organization", workspaceId: null }) : grant(role);
        const explanation = explain(subject(held), permission, target);
        expect(explanation.allowed).toBe(can(subject(held), permission, target).allowed);
        const { needed } = explanation;
        if (explanation.allowed || !needed) continue;
        expect(ROLES[needed.role].scope, `${needed.role} can be granted on the ${needed.scope}`).toContain(needed.scope);
        const given = grant(needed.role, {
          scopeKind: needed.scope,
          workspaceId: needed.scope === "organization" ? null : "w",
          projectId: needed.scope === "project" ? "p" : null,
        });
        expect(
          can(subject(held, given), permission, target).allowed,
          `${permission} with ${needed.role} on the ${needed.scope} at ${JSON.stringify(target)}`,
        ).toBe(true);
      }
});
