import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { type Selectable, sql } from "kysely";
import type { FileTicket } from "@/db/types";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

// One-use addresses of what lies in artifact stores. A ticket names one visualization or one version's files, holds for a minute, for the
// person and credential that it was made for, and once: the row that is marked used decides, so it is once across all processes.

export type TicketPurpose = "visualization" | "download" | "wire_download";
export type Ticket = Pick<
  Selectable<FileTicket>,
  | "workspace_id"
  | "project_id"
  | "artifact_version_id"
  | "visualization_id"
  | "principal_id"
  | "credential_kind"
  | "credential_id"
  | "credential_generation"
  | "used_at"
> & { has_ended: boolean };

export const TICKET_SECONDS = 60;
/** 256 random bits. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

type NewTicket = {
  workspaceId: string;
  projectId: string;
  artifactVersionId: string;
  visualizationId: string | null;
  purpose: TicketPurpose;
  actor: Actor;
  requestId: string;
};

/** Makes a ticket; gives the secret that only the address will hold. */
export async function newTicket(tx: Tx, ticket: NewTicket): Promise<string> {
  const secret = randomBytes(32).toString("base64url");
  const { kind, id, generation } = ticket.actor.credential;
  await tx
    .insertInto("file_ticket")
    .values({
      token_sha256: hashOf(secret),
      workspace_id: ticket.workspaceId,
      project_id: ticket.projectId,
      purpose: ticket.purpose,
      artifact_version_id: ticket.artifactVersionId,
      visualization_id: ticket.visualizationId,
      principal_id: ticket.actor.id,
      credential_kind: kind,
      credential_id: id,
      credential_generation: generation ?? null,
      request_id: ticket.requestId,
      expires_at: sql<string>`clock_timestamp() + make_interval(secs => ${TICKET_SECONDS})`,
    })
    .execute();
  return secret;
}

/** The ticket of a secret, used or not, as long as its row is kept. */
export async function findTicket(tx: Tx, secret: string, purpose: TicketPurpose): Promise<Ticket | undefined> {
  return SECRET.test(secret)
    ? tx
        .selectFrom("file_ticket")
        .select([
          "workspace_id",
          "project_id",
          "artifact_version_id",
          "visualization_id",
          "principal_id",
          "credential_kind",
          "credential_id",
          "credential_generation",
          "used_at",
        ])
        .select(sql<boolean>`expires_at <= clock_timestamp()`.as("has_ended"))
        .where("token_sha256", "=", hashOf(secret))
        .where("purpose", "=", purpose)
        .executeTakeFirst()
    : undefined;
}

/** The credential that asked for a client's link. Errors: not_found, forbidden for one that makes no tokens. */
export async function credentialOfWireTicket(tx: Tx, secret: string): Promise<{ kind: string; id: string; generation: number }> {
  const ticket = await findTicket(tx, secret, "wire_download");
  if (!ticket) throw unknownTicket();
  return { kind: ticket.credential_kind, id: ticket.credential_id, generation: ticket.credential_generation ?? 0 };
}

/** Uses a ticket up for whoever it was made for. Error: forbidden, with the reason for the trail, and the same words for all of them. */
export async function spendTicket(tx: Tx, secret: string, ticket: Ticket, actor: Actor): Promise<void> {
  const isMine = ticket.principal_id === actor.id && ticket.credential_kind === actor.credential.kind && ticket.credential_id === actor.credential.id;
  if (!isMine) throw refused("ticket_foreign");
  if (ticket.used_at !== null) throw refused("ticket_used");
  if (ticket.has_ended) throw refused("ticket_expired");
  const { numUpdatedRows } = await tx
    .updateTable("file_ticket")
    .set({ used_at: sql<string>`clock_timestamp()` })
    .where("token_sha256", "=", hashOf(secret))
    .where("used_at", "is", null)
    .where("expires_at", ">", sql<string>`clock_timestamp()`)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw refused("ticket_used");
}

const NO_LONGER = "This address was used already, is over a minute old, or is somebody else's.";
const FIX = "Open or download it again.";
export const unknownTicket = () => new AppError("not_found", NO_LONGER, { fix: FIX, reason: "ticket_unknown" });
const refused = (reason: string) => new AppError("forbidden", NO_LONGER, { fix: FIX, reason });
const hashOf = (secret: string): Buffer => createHash("sha256").update(secret).digest();
