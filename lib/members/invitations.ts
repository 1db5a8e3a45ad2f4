import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { sql } from "kysely";
import { roleNamed } from "@/lib/access/role-named";
import type { Role } from "@/lib/authz/permissions";
import type { GrantScope } from "@/lib/access/grant-power";
import type { Actor } from "@/lib/identity/actor";
import type { QueueItem, Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { mailItem, secretLink, sendsMail } from "@/lib/mail/mail";
import { invitationMail } from "@/lib/mail/texts";

// Invitations: a link with a secret that the database holds only as a hash, shown once, good for seven days and one use.

export const INVITATION_DAYS = 7;

/** A new secret and what is stored of it. */
export function newInvitationSecret(): { secret: string; hash: Buffer } {
  const secret = randomBytes(32).toString("base64url");
  return { secret, hash: invitationHash(secret) };
}

export const invitationHash = (secret: string): Buffer => createHash("sha256").update(`invitation ${secret}`).digest();

export const invitationLink = (secret: string): string => secretLink("/invite", secret);

export const expiry = sql<string>`clock_timestamp() + make_interval(days => ${INVITATION_DAYS})`;

export type Invitation = {
  id: string;
  organizationId: string;
  email: string;
  fullName: string;
  role: Role;
  scope: GrantScope;
  grantUntil: string | null;
  note: string;
  createdBy: string;
  expiresAt: string;
};

const COLUMNS = [
  "i.id",
  "i.organization_id",
  "i.email",
  "i.full_name",
  "i.role",
  "i.scope_kind",
  "i.workspace_ref",
  "i.project_ref",
  "i.grant_until",
  "i.note",
  "i.created_by",
  "i.expires_at",
] as const;

/** An invitation that was neither accepted nor revoked, locked until the commit; of the call's workspace, or any. Error: not_found. */
export async function loadInvitation(tx: Tx, actor: Actor, workspace: Workspace, id: string): Promise<Invitation> {
  const row = await tx
    .selectFrom("invitation as i")
    .select(COLUMNS)
    .where("i.id", "=", id)
    .where("i.organization_id", "=", actor.organizationId)
    .where("i.accepted_at", "is", null)
    .where("i.revoked_at", "is", null)
    .$if(workspace.id !== "", (query) => query.where("i.workspace_ref", "=", workspace.id))
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", "There is no such invitation here, or it was accepted or revoked.");
  return toInvitation(tx, row);
}

/** The invitation that a link's secret opens; undefined when it was used, revoked or has expired. */
export async function openInvitation(tx: Tx, secret: string, lock: boolean): Promise<Invitation | undefined> {
  const row = await tx
    .selectFrom("invitation as i")
    .leftJoin("workspace as w", "w.id", "i.workspace_ref")
    .select(COLUMNS)
    .where("i.token_sha256", "=", invitationHash(secret))
    .where("i.accepted_at", "is", null)
    .where("i.revoked_at", "is", null)
    .where(sql<boolean>`i.expires_at > clock_timestamp()`)
    .where((eb) => eb.or([eb("w.id", "is", null), eb("w.state", "<>", "deleted")]))
    .$if(lock, (query) => query.forUpdate("i"))
    .executeTakeFirst();
  return row && toInvitation(tx, row);
}

type Row = {
  id: string;
  organization_id: string;
  email: string;
  full_name: string;
  role: string;
  scope_kind: string;
  workspace_ref: string | null;
  project_ref: string | null;
  grant_until: string | null;
  note: string;
  created_by: string;
  expires_at: string;
};

const toInvitation = async (tx: Tx, row: Row): Promise<Invitation> => ({
  id: row.id,
  organizationId: row.organization_id,
  email: row.email,
  fullName: row.full_name,
  role: await roleNamed(tx, row.organization_id, row.role),
  scope: { kind: row.scope_kind as GrantScope["kind"], workspaceId: row.workspace_ref, projectId: row.project_ref },
  grantUntil: row.grant_until,
  note: row.note,
  createdBy: row.created_by,
  expiresAt: row.expires_at,
});

/** Where an invitation leads, in words. */
export async function placeWords(tx: Tx, scope: GrantScope): Promise<string> {
  if (!scope.workspaceId) return "the whole organization";
  const workspace = await tx.selectFrom("workspace").select("slug").where("id", "=", scope.workspaceId).executeTakeFirst();
  return `${scope.kind === "project" ? "one project of the workspace" : "the workspace"} ${workspace?.slug ?? ""}`;
}

/** The mail of an invitation, when a mail server is set. */
export async function invitationMails(
  tx: Tx,
  actor: Actor,
  invitation: Omit<Invitation, "createdBy" | "organizationId">,
  secret: string,
): Promise<QueueItem[]> {
  if (!sendsMail()) return [];
  const organization = await tx.selectFrom("organization").select("name").where("id", "=", actor.organizationId).executeTakeFirstOrThrow();
  const letter = invitationMail({
    organization: organization.name,
    invitedBy: actor.fullName || actor.name,
    role: invitation.role.title,
    place: await placeWords(tx, invitation.scope),
    link: invitationLink(secret),
    expiresAt: new Date(invitation.expiresAt).toISOString(),
    note: invitation.note,
  });
  return [mailItem({ to: invitation.email, ...letter, until: new Date(invitation.expiresAt).toISOString() })];
}

/** What the trail says of an invitation. */
export const invitationFacts = (invitation: Pick<Invitation, "email" | "role" | "scope" | "grantUntil">) => ({
  email: invitation.email,
  role: invitation.role.id,
  scope: invitation.scope.kind,
  workspaceId: invitation.scope.workspaceId,
  projectId: invitation.scope.projectId,
  until: invitation.grantUntil,
});
