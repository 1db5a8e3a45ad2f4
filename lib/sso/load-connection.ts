import "server-only";
import type { Target } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { isUuid } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { type AttributeMap, attributeMap, type OidcSettings, oidcSettings, type Provider, type SamlSettings, samlSettings } from "./schema";

// A connection as commands act on it. Its secret stays sealed here.

/** What both protocols have. */
export type ConnectionBase = {
  id: string;
  slug: string;
  name: string;
  provider: Provider;
  state: "draft" | "on" | "off";
  secretSealed: Buffer | null;
  attributes: AttributeMap;
  makesAccounts: boolean;
  allowsUnsolicited: boolean;
  allowsSha1: boolean;
  directoryId: string;
  version: number;
  testedVersion: number | null;
};
/** `settings`: null until the provider's data was taken. */
export type ConnectionRow = ConnectionBase & ({ protocol: "saml"; settings: SamlSettings | null } | { protocol: "oidc"; settings: OidcSettings | null });

export const CONNECTION_COLUMNS = [
  "id",
  "slug",
  "name",
  "provider",
  "protocol",
  "state",
  "settings",
  "secret_sealed as secretSealed",
  "attributes",
  "makes_accounts as makesAccounts",
  "allows_unsolicited as allowsUnsolicited",
  "allows_sha1 as allowsSha1",
  "directory_id as directoryId",
  "version",
  "tested_version as testedVersion",
] as const;

/** The settings that a row holds, read by its protocol; null while there are none. */
export function settingsOf(protocol: string, stored: unknown): SamlSettings | OidcSettings | null {
  const parsed = (protocol === "saml" ? samlSettings : oidcSettings).safeParse(stored);
  return parsed.success ? parsed.data : null;
}

/** A connection of the organization, by its id or its name in addresses, as a command's target; `lock`: against other writers until the commit. Error: not_found. */
export async function loadConnection(
  tx: Tx,
  actor: Pick<Actor, "organizationId">,
  id: string,
  lock: "lock" | "read" = "lock",
): Promise<Target & { connection: ConnectionRow }> {
  const row = await tx
    .selectFrom("sso_connection")
    .select(CONNECTION_COLUMNS)
    .where(isUuid(id) ? "id" : "slug", "=", id)
    .where("organization_id", "=", actor.organizationId)
    .where("deleted_at", "is", null)
    .$if(lock === "lock", (query) => query.forUpdate())
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", "There is no such connection.");
  return targetOf(connectionOf(row));
}

/** A connection of a row's columns, and what else was selected with them. */
export function connectionOf<R extends { protocol: string; settings: unknown; attributes: unknown }>(row: R) {
  const parts = { settings: settingsOf(row.protocol, row.settings), attributes: attributeMap.parse(row.attributes) };
  return { ...row, ...parts } as R & ConnectionRow;
}

/** A connection as what a command acts on. */
export const targetOf = <C extends { id: string; name: string }>(connection: C): Target & { connection: C } => ({
  thing: { type: "sso-connection", id: connection.id, name: connection.name },
  connection,
});

/** What is missing before anybody can sign in through it, in words; undefined when nothing is. */
export function missingPart({ protocol, settings, secretSealed }: Pick<ConnectionRow, "protocol" | "settings" | "secretSealed">): string | undefined {
  if (settings === null) return "Take the provider's data first: step 3.";
  return protocol === "oidc" && secretSealed === null ? "The client secret is missing: step 3." : undefined;
}
