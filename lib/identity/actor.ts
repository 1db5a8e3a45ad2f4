import "server-only";
import { type RawBuilder, sql } from "kysely";
import type { Grant, Subject } from "@/lib/authz/can";
import { type View, viewedGrants } from "@/lib/authz/view";
import { type Rights, ROLE_IDS, type RoleId } from "@/lib/authz/permissions";
import { prepared } from "@/lib/kernel/prepared";
import type { Tx } from "@/lib/kernel/transaction";

// Who acts: a principal with the grants that hold now and the credential that proved it. Loaded again on every request and in
// every command's transaction, so that whatever ended holds on the next one.

export type CredentialKind = "session" | "api_key" | "personal_token" | "device" | "password" | "workload" | "directory" | "operator" | "system";
/** `generation`: of a credential that makes tokens (keys, devices, personal tokens, passwords); they end when it moves on. */
export type Credential = {
  kind: CredentialKind;
  id: string;
  label: string;
  generation?: number;
  /** Of a login token, in seconds since 1970: when it runs out, whatever its credential does. */
  expiresAt?: number;
};

export type Actor = Subject & {
  kind: "user" | "service_account" | "operator" | "system";
  name: string;
  fullName: string;
  email: string | null;
  organizationId: string;
  homeWorkspaceId: string | null;
  credential: Credential;
  /** Set while the person looks at the console as a role: their grants are cut to it, and commands are refused (lib/kernel/command.ts). */
  view?: View;
};

/** What bounds an actor beyond their grants. */
export type Bounds = Pick<Actor, "workload" | "limits" | "view">;

/** The actor of the operator's own commands on the host (set-up file, CLI): decides as System Admin, named in the trail as "operator". */
export function operatorActor(organizationId: string): Actor {
  return builtInActor("operator", organizationId, { kind: "operator", id: "host", label: "set-up on the host" });
}

/** The actor of background work that nobody asked for. */
export function systemActor(organizationId: string): Actor {
  return builtInActor("system", organizationId, { kind: "system", id: "worker", label: "worker" });
}

/** The actor of what a directory says over SCIM: named in the trail by the directory, with the token that proved it. */
export function directoryActor(organizationId: string, directory: { name: string }, token: { id: string; label: string }): Actor {
  const actor = builtInActor("system", organizationId, { kind: "directory", id: token.id, label: token.label });
  return { ...actor, name: directory.name, fullName: directory.name };
}

function builtInActor(kind: "operator" | "system", organizationId: string, credential: Credential): Actor {
  const grant = (role: RoleId): Grant => ({
    id: "built-in",
    role,
    effect: "allow",
    scopeKind: "organization",
    workspaceId: null,
    projectId: null,
    source: "setup",
    since: "1970-01-01T00:00:00.000000Z",
    until: null,
  });
  return {
    id: "00000000-0000-0000-0000-000000000000",
    kind,
    name: kind,
    fullName: kind === "operator" ? "Operator" : "System",
    email: null,
    organizationId,
    homeWorkspaceId: null,
    credential,
    grants: [grant("system-admin"), grant("workspace-admin")],
  };
}

/** A principal as `actorJson` gives it. */
export type ActorRow = {
  id: string;
  kind: string;
  name: string;
  full_name: string;
  email: string | null;
  organization_id: string;
  home_workspace_id: string | null;
  grants: Grant[];
  /** The rights of the organization's own roles among the grants'. */
  roles: Record<string, Rights> | null;
};

/** Roles whose rights the table has: nothing is looked up for them. */
const OF_THE_TABLE = sql.raw(`array['${ROLE_IDS.join("','")}']`);

/**
 * SQL of an active principal with the grants valid now, as a value to select beside whatever else is read; null when unknown, ended, or its
 * home workspace is not active. The grants are read once, for themselves and for the own roles among them. `limit 1` keeps it from reading all own roles of the
 * organization (the index makes it at most one): each role held is looked up, with whatever the planner believes of the tables. As json, not jsonb: it is
 * only sent.
 */
export const actorJson = (principalId: RawBuilder<unknown>): RawBuilder<ActorRow | null> => sql<ActorRow | null>`(
  select json_build_object('id', a.id, 'kind', a.kind, 'name', a.name, 'full_name', a.full_name, 'email', a.email,
    'organization_id', a.organization_id, 'home_workspace_id', a.home_workspace_id, 'grants', coalesce(held.grants, '[]'::json),
    'roles', (select json_object_agg(r.role, own.rights) from unnest(held.roles) as r(role),
      lateral (select c.rights from custom_role_revision c where c.organization_id = a.organization_id and c.role = r.role and c.valid_to is null limit 1) own))
  from principal a left join workspace home on home.id = a.home_workspace_id
    cross join lateral (select json_agg(json_build_object('id', g.id, 'role', g.role, 'effect', g.effect, 'scopeKind', g.scope_kind,
        'workspaceId', g.workspace_ref, 'projectId', g.project_ref, 'thing', case when g.thing_id is not null then json_build_object('type', g.thing_type, 'id', g.thing_id) end,
        'source', g.source, 'since', g.valid_from, 'until', g.valid_to) order by g.valid_from) as grants,
      array_agg(distinct g.role) filter (where g.role <> all(${OF_THE_TABLE})) as roles
      from role_grant g where g.principal_id = a.id and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now())) held
  where a.id = ${principalId} and a.active and (a.home_workspace_id is null or home.state = 'active'))`;

const readActor = prepared((db, principalId: string) => db.selectNoFrom(actorJson(sql`${principalId}::uuid`).as("actor")));

/** Loads an active principal with the grants valid now; undefined when unknown, ended, or its home workspace is not active. */
export async function loadActor(tx: Tx, principalId: string, credential: Credential, bounds: Bounds = {}): Promise<Actor | undefined> {
  const row = (await readActor(tx, principalId))[0]?.actor;
  return row ? actorOf(row, credential, bounds) : undefined;
}

const MEMBER: Grant = {
  id: "member",
  role: "member",
  effect: "allow",
  scopeKind: "organization",
  workspaceId: null,
  projectId: null,
  source: "setup",
  since: "1970-01-01T00:00:00.000000Z",
  until: null,
};

/** The actor of a row that was just read. */
export function actorOf(row: ActorRow, credential: Credential, bounds: Bounds = {}): Actor {
  const { roles } = row;
  const held = roles ? row.grants.map((grant) => (roles[grant.role] ? { ...grant, rights: roles[grant.role] } : grant)) : row.grants;
  const grants = bounds.view ? viewedGrants(held, bounds.view) : held;
  const kind = row.kind === "service_account" ? "service_account" : "user"; // a canary acts as the people do whom it stands for
  return {
    id: row.id,
    kind,
    name: row.name,
    fullName: row.full_name,
    email: row.email,
    organizationId: row.organization_id,
    homeWorkspaceId: row.home_workspace_id,
    credential,
    view: bounds.view,
    grants: kind === "user" ? [...grants, MEMBER] : grants,
    workload: bounds.workload,
    limits: bounds.limits,
  };
}

/** What a person reads as the actor's name. */
export const displayName = (actor: Pick<Actor, "fullName" | "name">): string => actor.fullName || actor.name;
