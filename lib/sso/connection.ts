import "server-only";
import type { Target } from "@/lib/authz/can";
import { AppError } from "@/lib/kernel/errors";
import { unseal } from "@/lib/kernel/seal";
import type { Tx } from "@/lib/kernel/transaction";
import { CONNECTION_COLUMNS, type ConnectionBase, connectionOf, targetOf } from "./load-connection";
import type { OidcSettings, SamlSettings } from "./schema";

// A connection as sign-ins use it: complete, with its client secret.

type Common = ConnectionBase & { organizationId: string; registeredVersion: number | null };
export type SamlConnection = Common & { protocol: "saml"; settings: SamlSettings };
export type OidcConnection = Common & { protocol: "oidc"; settings: OidcSettings; secret: string | null };
export type Connection = SamlConnection | OidcConnection;

/** What a connection's client secret is sealed for. */
export const CLIENT_SECRET = "sso-client-secret";

/** A connection by its id or its name in addresses; undefined when there is none, or it has no settings yet. */
export async function findConnection(tx: Tx, by: { id: string } | { slug: string }): Promise<Connection | undefined> {
  const row = await tx
    .selectFrom("sso_connection")
    .select([...CONNECTION_COLUMNS, "organization_id as organizationId", "registered_version as registeredVersion"])
    .where((eb) => ("id" in by ? eb("id", "=", by.id) : eb("slug", "=", by.slug)))
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  const connection = row && connectionOf(row);
  if (!connection?.settings) return undefined;
  if (connection.protocol === "saml") return { ...connection, settings: connection.settings };
  const secret = connection.secretSealed && unseal(CLIENT_SECRET, connection.id, connection.secretSealed);
  return { ...connection, settings: connection.settings, secret };
}

/** The same as what a command acts on. Error: not_found. */
export async function requireConnection(tx: Tx, id: string): Promise<Target & { connection: Connection }> {
  const connection = await findConnection(tx, { id });
  if (!connection) throw new AppError("not_found", "There is no such connection.");
  return targetOf(connection);
}
