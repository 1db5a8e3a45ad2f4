import { can, type Decision, type Grant, type Subject, type Target } from "./can";
import { type Permission, ROLES, type RoleId, rightsOf } from "./permissions";
import { roleTitle } from "./role-rule";

// Says why, in words: the grant that allowed it, or the smallest grant that would (PERMISSIONS §3 rule 8).

export type Explanation = {
  allowed: boolean;
  permission: Permission;
  decision: Decision;
  /** The subject's grants that reach this place, whatever they allow. */
  held: { role: string; title: string; isShare: boolean; source: string; since: string; until: string | null }[];
  /** The role with the fewest rights that would allow it, when refused for want of a grant. */
  needed?: { role: RoleId; title: string; scope: "organization" | "workspace" | "project" };
  sentence: string;
};

/** Explains one decision; `sentence` is fit for a person. */
export function explain(subject: Subject, permission: Permission, target: Target = {}): Explanation {
  const decision = can(subject, permission, target);
  const isAsked = (grant: Grant) => !grant.thing || grant.thing.id === target.thing?.id || grant.thing.id === target.partOf;
  const here = subject.grants.filter((grant) => grant.scopeKind === "organization" || (grant.workspaceId === target.workspaceId && isAsked(grant)));
  const held = here
    .filter((grant) => grant.effect === "allow" && grant.role !== "member")
    .map((grant) => ({ role: grant.role, title: titleOf(grant), isShare: Boolean(grant.thing), source: grant.source, since: grant.since, until: grant.until }));
  const needed =
    decision.allowed || decision.reason === "denied_by_grant" || decision.reason === "outside_credential" ? undefined : smallestRole(permission, target);
  const have = held.length > 0 ? `You are ${list(held.map((grant) => grant.title))} here.` : "You hold no role here.";
  const sentence = decision.allowed
    ? `${titleOf(decision.grant)}${decision.grant?.thing ? ", by a direct share," : ""} allows ${permission}.`
    : decision.reason === "denied_by_grant"
      ? `${have} A deny grant refuses ${permission}.`
      : decision.reason === "not_owner"
        ? `${have} That role allows ${permission} only on things you created.${needed ? ` ${needed.title} would allow it.` : ""}`
        : decision.reason === "outside_run"
          ? "This credential may act only for its own run."
          : decision.reason === "outside_credential"
            ? "This credential is limited to other things than that; a key or token with more scopes would allow it."
            : `${have}${needed ? ` ${needed.title} would allow ${permission}.` : ` No role allows ${permission} here.`}`;
  return { allowed: decision.allowed, permission, decision, held, needed, sentence };
}

const titleOf = (grant: Grant | undefined) => (grant ? `${roleTitle(grant.role)}${grant.thing ? ` of this ${grant.thing.type}` : ""}` : "Nothing");

const list = (words: string[]) => [...new Set(words)].join(", ");

function smallestRole(permission: Permission, target: Target): Explanation["needed"] {
  // The scopes that contain the place, the narrowest first; a role is offered only where it can be granted.
  const around = (["project", "workspace", "organization"] as const).slice(target.projectId ? 0 : target.workspaceId ? 1 : 2);
  const fits = (Object.entries(ROLES) as [RoleId, (typeof ROLES)[RoleId]][]).flatMap(([id, role]) => {
    const scope = around.find((one) => (role.scope as readonly string[]).includes(one));
    return scope && id !== "runner" && rightsOf(id)[permission] === "any" ? [{ id, role, scope, size: Object.keys(role.rights).length }] : [];
  });
  const [best] = fits.sort((a, b) => Number(a.scope === "organization") - Number(b.scope === "organization") || a.size - b.size);
  return best && { role: best.id, title: best.role.title, scope: best.scope };
}
