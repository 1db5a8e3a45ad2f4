import "server-only";
import { unseal } from "@/lib/kernel/seal";
import type { Tx } from "@/lib/kernel/transaction";
import type { AttributeMap, OidcSettings, Protocol, Provider, SamlSettings } from "./schema";

// A connection as sign-ins use it.

type Common = {
  id: string;
  organizationId: string;
  slug: string;
  name: string;
  provider: Provider;
  state: "draft" | "on" | "off";
  attributes: AttributeMap;
  makesAccounts: boolean;
  allowsUnsolicited: boolean;
  allowsSha1: boolean;
  directoryId: string;
  version: number;
  registeredVersion: number | null;
};
export type SamlConnection = Common & { protocol: "saml"; settings: SamlSettings };
export type OidcConnection = Common & { protocol: "oidc"; settings: OidcSettings; secret: string | null };
export type Connection = SamlConnection | OidcConnection;

/** What a connection's client secret is sealed for. */
export const CLIENT_SECRET = "sso-client-secret";

/** A connection by its id or its name in addresses; undefined when there is none, or it has no settings yet. */
export async function findConnection(tx: Tx, by: { id: string } | { slug: string }): Promise<Connection | undefined> {
  const row = await tx
    .selectFrom("sso_connection")
    .selectAll()
    .where((eb) => ("id" in by ? eb("id", "=", by.id) : eb("slug", "=", by.slug)))
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  if (!row || Object.keys(row.settings as object).length === 0) return undefined;
  const common = {
    id: row.id,
    organizationId: row.organization_id,
    slug: row.slug,
    name: row.name,
    provider: row.provider as Provider,
    state: row.state as Common["state"],
    attributes: row.attributes as AttributeMap,
    makesAccounts: row.makes_accounts,
    allowsUnsolicited: row.allows_unsolicited,
    allowsSha1: row.allows_sha1,
    directoryId: row.directory_id,
    version: row.version,
    registeredVersion: row.registered_version,
  };
  if ((row.protocol as Protocol) === "saml") return { ...common, protocol: "saml", settings: row.settings as SamlSettings };
  const secret = row.secret_sealed ? unseal(CLIENT_SECRET, row.id, row.secret_sealed) : null;
  return { ...common, protocol: "oidc", settings: row.settings as OidcSettings, secret };
}
