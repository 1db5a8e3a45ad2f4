import "server-only";
import { sql } from "kysely";
import { can, type Target } from "@/lib/authz/can";
import { type Permission, RESOURCES, type Role } from "@/lib/authz/permissions";
import type { Actor } from "@/lib/identity/actor";
import type { Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { rightsOnIt, type ThingType } from "@/lib/authz/thing-rule";
import { type GrantScope, powerOver, type ScopeThing } from "./grant-power";
import { keepASystemAdmin } from "./keep-a-system-admin";
import { roleNamed } from "./role-named";

// Opening and closing rows of role_grant. Invariant: a grant is an interval; it is opened and ended, never edited, and who opens one holds
// what it gives (grant-power.ts). Every path that grants goes through `openGrant`.

export type GrantSubject = { id: string; kind: "user" | "service_account"; name: string; homeWorkspaceId: string | null };
export type NewGrant = {
  subject: GrantSubject;
  role: Role;
  scope: GrantScope;
  effect: "allow" | "deny";
  until: string | null;
  source: "person" | "request";
  reason: string;
};

/** The scope of a call's input. Errors: invalid_input for one that does not fit the role or the call, not_found for an unknown project. */
export async function scopeOfInput(tx: Tx, workspace: Pick<Workspace, "id">, input: { scope: GrantScope["kind"]; projectId?: string }): Promise<GrantScope> {
  const wrong = (message: string) => new AppError("invalid_input", message, { fields: { scope: message } });
  if (input.scope === "organization") {
    if (workspace.id !== "") throw wrong("A grant on the whole organization is made on the organization's page.");
    return { kind: "organization", workspaceId: null, projectId: null };
  }
  if (workspace.id === "") throw wrong("Choose a workspace.");
  if (input.scope === "workspace") return { kind: "workspace", workspaceId: workspace.id, projectId: null };
  if (!input.projectId) throw new AppError("invalid_input", "Choose a project.", { fields: { projectId: "Choose a project." } });
  const project = await tx.selectFrom("project").select("id").where("id", "=", input.projectId).where("workspace_id", "=", workspace.id).executeTakeFirst();
  if (!project) throw new AppError("not_found", "There is no such project here.");
  return { kind: "project", workspaceId: workspace.id, projectId: project.id };
}

/** The columns of a grant that name its thing. */
export const thingColumns = ({ thing }: GrantScope) => ({ thing_type: thing?.type ?? null, thing_id: thing?.id ?? null, thing_name: thing?.name ?? null });

/** The scope of a grant's row. Who owns the thing is not said: rows are read to be ended, not to be given. */
export const scopeOfRow = (row: ScopeRow): GrantScope => ({
  kind: row.scope_kind as GrantScope["kind"],
  workspaceId: row.workspace_ref,
  projectId: row.project_ref,
  thing: row.thing_id ? { type: row.thing_type as ThingType, id: row.thing_id, name: row.thing_name ?? "", ownerId: null } : undefined,
});
export const SCOPE_COLUMNS = ["scope_kind", "workspace_ref", "project_ref", "thing_type", "thing_id", "thing_name"] as const;
type ScopeRow = { scope_kind: string; workspace_ref: string | null; project_ref: string | null } & {
  [K in "thing_type" | "thing_id" | "thing_name"]: string | null;
};

export const targetOf = (scope: GrantScope, thing?: Target["thing"]): Target => ({ workspaceId: scope.workspaceId, projectId: scope.projectId, thing });

/** The active account that a grant is for, locked until the commit. Error: not_found. */
export async function grantSubject(tx: Tx, actor: Actor, by: { id?: string; name?: string }): Promise<GrantSubject> {
  const row = await tx
    .selectFrom("principal")
    .select(["id", "kind", "name", "full_name", "home_workspace_id"])
    .where("organization_id", "=", actor.organizationId)
    .where("active", "=", true)
    .where("deleted_at", "is", null)
    .where((eb) => (by.id ? eb("id", "=", by.id) : eb.and([eb("kind", "=", "user"), eb(sql`lower(email)`, "=", (by.name ?? "").toLowerCase())])))
    .forUpdate()
    .executeTakeFirst();
  if (!row)
    throw new AppError("not_found", by.id ? "There is no such account here." : "Nobody here has this address.", {
      fix: by.id ? undefined : "A System Admin can invite them.",
      fields: { person: "Nobody here has this address." },
    });
  return { id: row.id, kind: row.kind === "user" ? "user" : "service_account", name: row.full_name || row.name, homeWorkspaceId: row.home_workspace_id };
}

/** Refuses what nobody may grant, and what this actor may not. Errors: invalid_input, forbidden. */
export function requireGrantable(actor: Actor, grant: Pick<NewGrant, "role" | "scope" | "effect" | "until"> & { subject: Omit<GrantSubject, "name"> }): void {
  const { role, scope, subject, effect, until } = grant;
  const wrong = (message: string) => new AppError("invalid_input", message, { fields: { role: message } });
  if (role.id === "member") throw wrong("Everybody is a Member: it is not granted.");
  if (scope.thing) requireShareable(role, scope.thing, effect);
  else if (!role.scope.includes(scope.kind)) throw wrong(`${role.title} is not a role of a ${scope.kind}.`);
  if (subject.kind === "service_account" && (role.rights["approval:decide"] || scope.kind === "organization") && effect === "allow")
    throw wrong(role.rights["approval:decide"] ? "A service account never approves." : "A service account gets its grants in workspaces.");
  if (subject.kind === "user" && role.id === "runner" && effect === "allow") throw wrong("Runner is for agents: grant it to a service account.");
  if (subject.homeWorkspaceId && subject.homeWorkspaceId !== scope.workspaceId) throw wrong("This service account belongs to another workspace.");
  if (until !== null && Date.parse(until) <= Date.now()) {
    const message = "The end has passed already.";
    throw new AppError("invalid_input", message, { fields: { until: message } });
  }
  if (subject.id === actor.id) throw new AppError("forbidden", "Nobody changes their own grants.", { fix: "Ask another administrator.", reason: "own_grant" });
  requirePower(actor, role, scope, until);
}

/** A share gives, and some of its thing: a role of the organization isn't narrowed to one. Error: invalid_input. */
function requireShareable(role: Role, { type }: ScopeThing, effect: "allow" | "deny"): void {
  const problem =
    effect === "deny"
      ? "A deny is of a whole workspace or project: a thing is only shared."
      : role.scope.includes("organization")
        ? `${role.title} is a role of the whole organization: a ${type} is shared with a role of a workspace.`
        : Object.keys(rightsOnIt(role.rights, type)).length === 0
          ? `${role.title} gives nothing on a ${type}.`
          : undefined;
  if (problem) throw new AppError("invalid_input", problem, { fields: { role: problem } });
}

/** Refuses to pass on what the actor does not hold. Error: forbidden, naming what is missing. */
export function requirePower(actor: Actor, role: Role, scope: GrantScope, until: string | null): void {
  const power = powerOver(actor, role, scope);
  if (power.missing.length > 0) {
    const shown = power.missing.slice(0, 3).map(permissionWords).join(", ");
    const more = power.missing.length > 3 ? ` and ${power.missing.length - 3} more` : "";
    throw new AppError("forbidden", `${role.title} holds rights that you do not have here: ${shown}${more}.`, {
      fix: "A System Admin can grant it.",
      reason: "exceeds_granter",
    });
  }
  if (power.until !== null && (until === null || Date.parse(until) > Date.parse(power.until)))
    throw new AppError("forbidden", `Your own power here ends ${power.until.slice(0, 16).replace("T", " ")} UTC; what you grant can't last longer.`, {
      fix: "Choose an earlier end.",
      reason: "outlasts_granter",
    });
}

const permissionWords = (permission: Permission): string => {
  const [noun, verb] = permission.split(":") as [keyof typeof RESOURCES, string];
  return `${verb} ${RESOURCES[noun].title.toLowerCase()}`;
};

/** Opens a grant after `requireGrantable`. Errors: those, conflict when the same one is open. */
export async function openGrant(tx: Tx, actor: Actor, requestId: string, grant: NewGrant): Promise<{ id: string }> {
  requireGrantable(actor, grant);
  const { subject, role, scope, effect } = grant;
  if (effect === "deny") await requireDeniable(tx, actor, [subject.id]);
  const same = await tx
    .selectFrom("role_grant")
    .select(["id", "valid_to"])
    .where("principal_id", "=", subject.id)
    .where("role", "=", role.id)
    .where("effect", "=", effect)
    .where("scope_kind", "=", scope.kind)
    .where("workspace_ref", "is not distinct from", scope.workspaceId)
    .where("project_ref", "is not distinct from", scope.projectId)
    .where("thing_id", "is not distinct from", scope.thing?.id ?? null)
    .where(HOLDS)
    .executeTakeFirst();
  if (same)
    throw new AppError("conflict", `${subject.name} ${effect === "deny" ? "is denied" : "is"} ${role.title} here already.`, {
      fix: same.valid_to ? "Change when that grant ends instead." : "Nothing is left to do.",
    });
  const id = newId();
  await tx
    .insertInto("role_grant")
    .values({
      id,
      organization_id: actor.organizationId,
      principal_id: subject.id,
      role: role.id,
      effect,
      scope_kind: scope.kind,
      workspace_ref: scope.workspaceId,
      project_ref: scope.projectId,
      ...thingColumns(scope),
      source: grant.source,
      valid_to: grant.until,
      reason: grant.reason || null,
      opened_request_id: requestId,
      created_by: actor.kind === "user" || actor.kind === "service_account" ? actor.id : null,
    })
    .execute();
  if (effect === "deny" && scope.kind === "organization") await keepASystemAdmin(tx, actor.organizationId);
  return { id };
}

const HOLDS = sql<boolean>`(valid_to is null or valid_to > clock_timestamp())`;

/** A deny of someone who oversees the organization would be a way out of oversight. Error: forbidden. */
export async function requireDeniable(tx: Tx, actor: Actor, principalIds: readonly string[]): Promise<void> {
  if (principalIds.length === 0 || can(actor, "grant:create").allowed) return;
  const overseer = await tx
    .selectFrom("role_grant")
    .select("id")
    .where("principal_id", "in", [...principalIds])
    .where("scope_kind", "=", "organization")
    .where("effect", "=", "allow")
    .where(HOLDS)
    .executeTakeFirst();
  if (overseer)
    throw new AppError("forbidden", "This would deny something to a person who holds a role on the whole organization: only a System Admin can.", {
      reason: "exceeds_granter",
    });
}

export type OpenGrant = {
  id: string;
  role: Role;
  effect: "allow" | "deny";
  scope: GrantScope;
  until: string | null;
  source: string;
  subject: GrantSubject;
};

/** A grant that has not ended, locked until the commit; of the call's workspace, or any when the call has none. Error: not_found. */
export async function loadOpenGrant(tx: Tx, actor: Actor, workspace: Workspace, grantId: string): Promise<OpenGrant> {
  const row = await tx
    .selectFrom("role_grant as g")
    .innerJoin("principal as p", "p.id", "g.principal_id")
    .select(["g.id", "g.role", "g.effect", "g.scope_kind", "g.workspace_ref", "g.project_ref", "g.thing_type", "g.thing_id", "g.thing_name"])
    .select(["g.valid_to", "g.source"])
    .select(["p.id as principal_id", "p.kind", "p.name", "p.full_name", "p.home_workspace_id"])
    .where("g.id", "=", grantId)
    .where("g.organization_id", "=", actor.organizationId)
    .where(sql<boolean>`(g.valid_to is null or g.valid_to > clock_timestamp())`)
    .$if(workspace.id !== "", (query) => query.where("g.workspace_ref", "=", workspace.id))
    .forUpdate("g")
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", "There is no such grant here, or it has ended.");
  return {
    id: row.id,
    role: await roleNamed(tx, actor.organizationId, row.role),
    effect: row.effect === "deny" ? "deny" : "allow",
    scope: scopeOfRow(row),
    until: row.valid_to,
    source: row.source,
    subject: {
      id: row.principal_id,
      kind: row.kind === "user" ? "user" : "service_account",
      name: row.full_name || row.name,
      homeWorkspaceId: row.home_workspace_id,
    },
  };
}

/** Refuses to end by hand what follows from something else: a directory's group or a team. Error: forbidden. */
export function requireDirect(source: string): void {
  if (source === "group_rule" || source === "scim")
    throw new AppError("forbidden", "This grant comes from your directory.", {
      fix: "Change it there: take the person out of the group.",
      reason: "directory_owned",
    });
  if (source === "team")
    throw new AppError("forbidden", "This grant comes from a team.", {
      fix: "Take the person out of the team, or end the team's grant.",
      reason: "team_owned",
    });
}

/** Refuses the ends that would widen somebody, and those of grants that follow from something else. Error: forbidden. */
export function requireEndable(actor: Actor, grant: OpenGrant): void {
  requireDirect(grant.source);
  if (grant.effect === "allow") return;
  if (grant.subject.id === actor.id)
    throw new AppError("forbidden", "Nobody ends what denies them something.", { fix: "Ask another administrator.", reason: "own_grant" });
  requirePower(actor, grant.role, grant.scope, null);
}

/** Ends a grant now. Who ends a System Admin's calls `keepASystemAdmin` after. */
export async function closeGrant(tx: Tx, requestId: string, grantId: string): Promise<void> {
  await tx
    .updateTable("role_grant")
    .set({ valid_to: sql<string>`clock_timestamp()`, ended_by: "person", closed_request_id: requestId })
    .where("id", "=", grantId)
    .execute();
}

/** What the trail says of a grant. */
export const grantFacts = (grant: Pick<NewGrant, "role" | "scope" | "effect" | "until"> & { source?: string; subject: { name: string } }) => ({
  subject: grant.subject.name,
  role: grant.role.id,
  effect: grant.effect,
  scope: grant.scope.kind,
  workspaceId: grant.scope.workspaceId,
  projectId: grant.scope.projectId,
  ...(grant.scope.thing ? { thing: `${grant.scope.thing.type} ${grant.scope.thing.name}`, thingId: grant.scope.thing.id } : {}),
  until: grant.until,
  ...(grant.source ? { source: grant.source } : {}),
});
