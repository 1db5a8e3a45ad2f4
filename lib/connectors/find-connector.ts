import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { linkedRunForWrite } from "@/lib/authz/workload-run";
import type { Subject } from "@/lib/authz/can";
import { visibleTo } from "@/lib/authz/visible";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

// One connector as the target of a command or query.

export type ConnectorRow = {
  id: string;
  workspace_id: string;
  name: string;
  type: string;
  method: string;
  description: string;
  resource_types: string[];
  resource_id: string | null;
  /** What is no secret. */
  configuration: Record<string, unknown>;
  secret_id: string | null;
  /** The names of the fields that its secret holds. */
  secret_keys: string[];
  expires_at: string | null;
  expires_skew_seconds: number | null;
  expiration_seconds: number | null;
  labels: Record<string, string>;
  verified_at: string | null;
  last_error: string | null;
  last_error_at: string | null;
  last_issued_at: string | null;
  /** The version of new main keys that wait to be accepted. */
  next_version: number | null;
  next_error: string | null;
  next_since: string | null;
  next_expires_at: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
};

export const connectorColumns = sql`id, workspace_id, name, type, method, description, resource_types, resource_id, configuration, secret_id, secret_keys,
  expires_at, expires_skew_seconds, expiration_seconds, labels, verified_at, last_error, last_error_at, last_issued_at,
  next_version, next_error, next_since, next_expires_at, created_by, created_at, updated_at`;

/** The rows that the subject may know of. `alias` names the table. */
export const visibleConnectors = (subject: Subject, alias = "c"): RawBuilder<SqlBool> =>
  visibleTo(subject, "connector:read", { workspaceId: `${alias}.workspace_id`, ownerId: `${alias}.created_by`, thingId: `${alias}.id` });

export const readConnectors = async (tx: Tx, ids: readonly string[]): Promise<ConnectorRow[]> =>
  ids.length === 0 ? [] : (await sql<ConnectorRow>`select ${connectorColumns} from connector where id = any(${[...ids]}::uuid[])`.execute(tx)).rows;

/** Where a connector stands, for a decision. */
export const connectorTarget = ({ id, name, workspace_id, created_by }: Pick<ConnectorRow, "id" | "name" | "workspace_id" | "created_by">) => ({
  workspaceId: workspace_id,
  ownerId: created_by,
  thing: { type: "connector", id, name },
});

/** Error: not_found. */
export async function findConnector(tx: Tx, id: string, { lock = false }: { lock?: boolean } = {}) {
  const { rows } = await sql<ConnectorRow>`select ${connectorColumns} from connector where id = ${id} ${lock ? sql`for update` : sql``}`.execute(tx);
  const [connector] = rows;
  if (!connector) throw new AppError("not_found", `There is no connector ${id} here.`);
  return { ...connectorTarget(connector), connector };
}

/**
 * As the target of its use: a run's own token uses the connectors of its run's stack alone (PERMISSIONS §3 rule 11), and only while the run
 * goes on: the token itself lives on for late reports. Error: not_found.
 */
export async function findForUse(tx: Tx, actor: Subject, id: string) {
  const target = await findConnector(tx, id);
  if (!actor.workload) return target;
  const { rows } = await sql<{ found: boolean }>`select exists (
    select from run r join stack_component sc on sc.stack_id = r.stack_id join component c on c.id = sc.component_id
    where r.id = ${actor.workload.runId} and (r.in_progress or r.end_time is null) and c.connector_id = ${id}) as found`.execute(tx);
  return { ...target, runId: linkedRunForWrite(actor, rows[0]?.found === true) };
}

/** Error: conflict, in the recorded words. */
export async function requireFreeName(tx: Tx, workspaceId: string, name: string): Promise<void> {
  const taken = await tx.selectFrom("connector").select("id").where("workspace_id", "=", workspaceId).where("name", "=", name).executeTakeFirst();
  if (taken)
    throw new AppError("conflict", `Found an existing service connector with the same '${name}' name`, {
      fields: { name: "Another connector of this workspace has this name." },
    });
}
