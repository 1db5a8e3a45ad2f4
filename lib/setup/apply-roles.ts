import "server-only";
/*
 * Roles of the organization's own of a set-up file. Invariant: a role holds what the file says, by a new revision where it held something else;
 * one that a person deleted stays deleted, and what names it is noted, unless the operator asks to restore it. A role's base never changes.
 */
import { sql } from "kysely";
import type { Rights } from "@/lib/authz/permissions";
import { rightChanges } from "@/lib/authz/role-rule";
import { closeRevision, openRevision, rightFacts } from "@/lib/roles/revisions";
import type { Application } from "@/lib/setup/application";
import { rightsOfOwn, type SetupRole } from "@/lib/setup/setup-file-roles";

type Latest = { base: string; isEnded: boolean; number: number; summary: string; rights: Rights };

/** Makes or adjusts one role. */
export async function applyRole(application: Application, wanted: SetupRole): Promise<void> {
  const { tx, organizationId } = application;
  const { name, base } = wanted;
  const rights = rightsOfOwn(wanted);
  const target = { type: "role", id: name, name };
  const existing = await latestOf(application, name);
  if (!existing) {
    const summary = wanted.summary ?? "";
    await tx.insertInto("custom_role").values({ organization_id: organizationId, name, base, created_by: null }).execute();
    await open(application, { role: name, number: 1, summary, rights });
    application.changed(`create role ${name} from ${base}`, "role.created", {
      target,
      after: { base, summary, rights: Object.keys(rights).length, ...wanted.added, ...Object.fromEntries(wanted.removed.map((right) => [right, "none"])) },
    });
    return;
  }
  if (existing.isEnded && !application.isRestoring) {
    application.endedRoles.add(name);
    return application.note(`role ${name} was deleted and stays so (--restore brings it back)`);
  }
  if (existing.base !== base) {
    if (existing.isEnded) application.endedRoles.add(name);
    return application.note(`role ${name} is made from ${existing.base}, not from ${base}: it stays as it is`);
  }
  const summary = wanted.summary ?? existing.summary;
  const changes = rightChanges(existing.rights, rights);
  if (changes.length === 0 && summary === existing.summary && !existing.isEnded) return;
  if (existing.isEnded)
    await tx.updateTable("custom_role").set({ ended_at: null }).where("organization_id", "=", organizationId).where("name", "=", name).execute();
  await closeRevision(tx, organizationId, name);
  await open(application, { role: name, number: existing.number + 1, summary, rights });
  application.changed(`${existing.isEnded ? "restore" : "change"} role ${name}`, existing.isEnded ? "role.restored" : "role.updated", {
    target,
    before: { revision: existing.number, summary: existing.summary, ...rightFacts(changes, "before") },
    after: { revision: existing.number + 1, summary, ...rightFacts(changes, "after") },
  });
}

/** The role with its last revision, locked until the commit. */
async function latestOf(application: Application, name: string): Promise<Latest | undefined> {
  const { rows } = await sql<Latest>`
    select r.base, r.ended_at is not null as "isEnded", v.number, v.summary, v.rights from custom_role r
    cross join lateral (select number, summary, rights from custom_role_revision v where v.organization_id = r.organization_id and v.role = r.name order by number desc limit 1) v
    where r.organization_id = ${application.organizationId} and r.name = ${name} for update of r`.execute(application.tx);
  return rows[0];
}

const open = (application: Application, revision: Parameters<typeof openRevision>[2]) =>
  openRevision(application.tx, { organizationId: application.organizationId, principalId: null, requestId: application.request.requestId }, revision);
