import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { keepAWayIn } from "@/lib/access/keep-a-system-admin";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { booleanField, nameField } from "@/lib/kernel/form-fields";
import { seal } from "@/lib/kernel/seal";
import type { Tx } from "@/lib/kernel/transaction";
import { CLIENT_SECRET } from "./connection";
import { certificatesField } from "./certificates";
import { type ConnectionRow, loadConnection, missingPart } from "./load-connection";
import { attributeMap, oidcSettings, samlSettings } from "./schema";

// The parts of a connection. Whatever a login depends on raises its version: it then is registered anew, and has to be tested anew before
// a domain can be enforced. The client secret is sealed, bound to its connection, and never read back.

const emptyIsNull = (value: unknown) => (value === "" || value === undefined ? null : value);
const optionalUrl = z.preprocess(emptyIsNull, samlSettings.shape.sloUrl);
const scope = ({ tx, actor, input }: { tx: Tx; actor: Actor; input: { connectionId: string } }) => loadConnection(tx, actor, input.connectionId);
const target = ({ id, name }: ConnectionRow) => ({ type: "sso-connection", id, name });

type Part = { settings?: string; attributes?: string; secret_sealed?: Buffer; makes_accounts?: boolean; allows_unsolicited?: boolean; allows_sha1?: boolean };
const raise = (tx: Tx, { id }: ConnectionRow, part: Part) =>
  tx
    .updateTable("sso_connection")
    .set((eb) => ({ ...part, version: eb("version", "+", 1), updated_at: sql<string>`clock_timestamp()` }))
    .where("id", "=", id)
    .execute();

function requireProtocol(connection: ConnectionRow, protocol: ConnectionRow["protocol"]): void {
  if (connection.protocol !== protocol) throw new AppError("conflict", `${connection.name} is a connection of the other protocol.`);
}

const same = (before: unknown, after: unknown) => JSON.stringify(before) === JSON.stringify(after);

/** Takes a SAML identity provider's data. Certificates: those that it signs with now and next. Errors: not_found, invalid_input, conflict. */
export const setSamlSettings = defineCommand({
  name: "sso-connection.saml-set",
  permission: "sso-connection:update",
  input: z.strictObject({
    connectionId: z.uuid(),
    ...samlSettings.shape,
    issuer: z.string().trim().min(1, "The issuer, which providers call entity id too, is missing.").max(1_024),
    sloUrl: optionalUrl,
    metadataUrl: optionalUrl,
    certificates: certificatesField,
  }),
  scope,
  run: async ({ tx, input: { connectionId: _, ...given }, target: { connection } }) => {
    requireProtocol(connection, "saml");
    const after = samlSettings.parse(given);
    if (same(connection.settings, after)) return { result: { id: connection.id }, audit: UNCHANGED };
    await raise(tx, connection, { settings: JSON.stringify(after) });
    return { result: { id: connection.id }, audit: { target: target(connection), before: { settings: connection.settings }, after: { settings: after } } };
  },
});

const scopesField = z.preprocess((value) => (typeof value === "string" ? value.split(/[\s,]+/).filter(Boolean) : value), oidcSettings.shape.scopes);

/** Takes an OpenID provider's data, which discovery has found at its issuer. An empty client secret keeps the one that is there. Errors: as above. */
export const setOidcSettings = defineCommand({
  name: "sso-connection.oidc-set",
  permission: "sso-connection:update",
  input: z.strictObject({
    connectionId: z.uuid(),
    ...oidcSettings.shape,
    clientId: z.string().trim().min(1, "The client id is missing.").max(400),
    scopes: scopesField,
    endSessionUrl: optionalUrl,
    clientSecret: z.string().trim().max(4_000).default(""),
  }),
  scope,
  run: async ({ tx, input: { connectionId: _, clientSecret, ...given }, target: { connection } }) => {
    requireProtocol(connection, "oidc");
    if (!clientSecret && connection.secretSealed === null)
      throw new AppError("invalid_input", "The client secret is missing.", { fields: { clientSecret: "The client secret is missing." } });
    const after = oidcSettings.parse({ ...given, scopes: [...new Set(["openid", ...given.scopes])] });
    if (!clientSecret && same(connection.settings, after)) return { result: { id: connection.id }, audit: UNCHANGED };
    const secret = clientSecret ? { secret_sealed: await seal(tx, CLIENT_SECRET, connection.id, clientSecret) } : {};
    await raise(tx, connection, { settings: JSON.stringify(after), ...secret });
    return {
      result: { id: connection.id },
      audit: {
        target: target(connection),
        before: { settings: connection.settings },
        after: { settings: after, ...(clientSecret ? { replacedClientCredential: true } : {}) },
      },
    };
  },
});

const optionalName = z.preprocess(emptyIsNull, attributeMap.shape.name);

/** Says which attribute holds what. A name is one attribute, or a given and a family name. */
export const setAttributes = defineCommand({
  name: "sso-connection.attributes-set",
  permission: "sso-connection:update",
  input: z.strictObject({
    connectionId: z.uuid(),
    email: z.string().trim().min(1, "Name the attribute that holds the e-mail address.").max(300),
    name: optionalName,
    givenName: optionalName,
    familyName: optionalName,
    groups: optionalName,
  }),
  scope,
  run: async ({ tx, input: { connectionId: _, ...given }, target: { connection } }) => {
    const after = attributeMap.parse(given);
    if (same(connection.attributes, after)) return { result: { id: connection.id }, audit: UNCHANGED };
    await raise(tx, connection, { attributes: JSON.stringify(after) });
    return { result: { id: connection.id }, audit: { target: target(connection), before: { ...connection.attributes }, after } };
  },
});

/** Renames it, and says what it takes: new people, sign-ins that begin at the provider, old signatures. */
export const setConnectionOptions = defineCommand({
  name: "sso-connection.options-set",
  permission: "sso-connection:update",
  input: z.strictObject({
    connectionId: z.uuid(),
    name: nameField,
    makesAccounts: booleanField.default(false),
    allowsUnsolicited: booleanField.default(false),
    allowsSha1: booleanField.default(false),
  }),
  scope,
  run: async ({ tx, input: { connectionId: _, ...after }, target: { connection } }) => {
    const { name, makesAccounts, allowsUnsolicited, allowsSha1 } = connection;
    const before = { name, makesAccounts, allowsUnsolicited, allowsSha1 };
    if (same(before, after)) return { result: { id: connection.id }, audit: UNCHANGED };
    await tx.updateTable("sso_connection").set({ name: after.name, updated_at: sql<string>`clock_timestamp()` }).where("id", "=", connection.id).execute();
    await tx.updateTable("directory").set({ name: after.name }).where("id", "=", connection.directoryId).execute();
    if (!same({ ...before, name: "" }, { ...after, name: "" }))
      await raise(tx, connection, { makes_accounts: after.makesAccounts, allows_unsolicited: after.allowsUnsolicited, allows_sha1: after.allowsSha1 });
    return { result: { id: connection.id }, audit: { target: { ...target(connection), name: after.name }, before, after } };
  },
});

/** Switches it on, when nothing is missing, or off. Errors: conflict when something is missing, or while a domain is enforced through it. */
export const switchConnection = defineCommand({
  name: "sso-connection.switched",
  permission: "sso-connection:update",
  input: z.strictObject({ connectionId: z.uuid(), state: z.enum(["on", "off"]) }),
  scope,
  run: async ({ tx, actor, input: { state }, target: { connection } }) => {
    if (connection.state === state) return { result: { id: connection.id }, audit: UNCHANGED };
    const missing = missingPart(connection);
    if (state === "on" && missing) throw new AppError("conflict", missing);
    if (state === "off") await requireNothingEnforced(tx, connection);
    await keepAWayIn(tx, actor.organizationId, () =>
      tx.updateTable("sso_connection").set({ state, updated_at: sql<string>`clock_timestamp()` }).where("id", "=", connection.id).execute(),
    );
    return { result: { id: connection.id }, audit: { target: target(connection), before: { state: connection.state }, after: { state } } };
  },
});

/** Error: conflict while people of a domain can sign in through this connection alone. */
export async function requireNothingEnforced(tx: Tx, { id, name }: ConnectionRow): Promise<void> {
  const enforced = await tx.selectFrom("sso_domain").select("domain").where("connection_id", "=", id).where("enforced_at", "is not", null).execute();
  if (enforced.length === 0) return;
  const domains = enforced.map((row) => row.domain).join(", ");
  throw new AppError("conflict", `People of ${domains} sign in through ${name} alone.`, { fix: "Stop enforcing it first: step 6.", reason: "enforced" });
}
