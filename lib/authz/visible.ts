import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { covers, rightsOfGrant, type Subject } from "./can";
import { permits, reachesShared } from "./limits";
import { type Permission, WORKLOAD_RIGHTS } from "./permissions";
import { isOn, type ThingType } from "./thing-rule";

// The same decision as `can`, as a row filter: what a list may show is decided in SQL, never by dropping rows afterwards.

/** References to the columns of the row's scope; `projectId` is left out for tables that have none. */
type Place = { workspaceId: string; projectId?: string; ownerId: string };
/** Of what can be shared one by one also the thing that the row is, or is a part of. */
export type ScopeColumns<P extends Permission> = P extends `${ThingType}:${string}` ? Place & { thingId: string } : Place & { thingId?: string };

/** A condition that holds exactly for the rows on which `can(subject, permission, row)` is allowed. */
export function visibleTo<P extends Permission>(subject: Subject, permission: P, columns: ScopeColumns<P>): RawBuilder<SqlBool> {
  if (subject.workload && !WORKLOAD_RIGHTS[permission]) return sql<SqlBool>`false`;
  const { limits } = subject;
  if (limits && (!permits(limits, permission) || (limits.projectId && !columns.projectId && !reachesShared(permission)))) return sql<SqlBool>`false`;
  const workspace = sql.ref(columns.workspaceId);
  const project = columns.projectId ? sql.ref(columns.projectId) : undefined;
  const owner = sql.ref(columns.ownerId);
  const allows: RawBuilder<SqlBool>[] = [];
  const denies: RawBuilder<SqlBool>[] = [];
  for (const grant of subject.grants) {
    const reach = rightsOfGrant(grant)[permission];
    if (!reach) continue;
    let where: RawBuilder<SqlBool>;
    if (grant.thing && isOn(grant.thing.type, permission)) {
      if (!columns.thingId) continue;
      where = sql<SqlBool>`(${workspace} = ${grant.workspaceId} and ${sql.ref(columns.thingId)} = ${grant.thing.id})`;
    } else if (grant.thing) {
      if (permission === "project:read" && !grant.projectId) continue;
      where = project && grant.projectId ? sql<SqlBool>`${project} = ${grant.projectId}` : sql<SqlBool>`${workspace} = ${grant.workspaceId}`;
    } else if (grant.scopeKind === "organization") where = sql<SqlBool>`true`;
    else if (grant.scopeKind === "workspace") where = sql<SqlBool>`${workspace} = ${grant.workspaceId}`;
    else if (project) where = sql<SqlBool>`${project} = ${grant.projectId}`;
    else if (covers(grant, permission, { workspaceId: grant.workspaceId })) where = sql<SqlBool>`${workspace} = ${grant.workspaceId}`;
    else continue;
    if (grant.effect === "deny") denies.push(where);
    else if (reach === "own" && !subject.workload) allows.push(sql<SqlBool>`(${where} and ${owner} = ${subject.id})`);
    else allows.push(where);
  }
  if (allows.length === 0) return sql<SqlBool>`false`;
  let filter = sql<SqlBool>`(${sql.join(allows, sql` or `)})`;
  if (denies.length > 0) filter = sql<SqlBool>`(${filter} and not (${sql.join(denies, sql` or `)}))`;
  if (subject.workload) filter = sql<SqlBool>`(${filter} and ${workspace} = ${subject.workload.workspaceId})`;
  if (subject.workload && project) filter = sql<SqlBool>`(${filter} and ${project} = ${subject.workload.projectId})`;
  if (limits?.workspaceId) filter = sql<SqlBool>`(${filter} and ${workspace} = ${limits.workspaceId})`;
  if (limits?.projectId && project) filter = sql<SqlBool>`(${filter} and ${project} = ${limits.projectId})`;
  return filter;
}

/** The workspaces in which the subject holds any grant at all; `all` for a grant on the organization beyond Member. */
export function reachableWorkspaces(subject: Subject): "all" | string[] {
  const ids = new Set<string>();
  const only = subject.limits?.workspaceId;
  for (const grant of subject.grants) {
    if (grant.effect === "deny") continue;
    if (grant.scopeKind === "organization") {
      if (rightsOfGrant(grant)["workspace:read"]) return only ? [only] : "all";
    } else if (grant.workspaceId) ids.add(grant.workspaceId);
  }
  return [...ids].filter((id) => !only || id === only);
}
