import "server-only";
import { z } from "zod";
import type { Subject } from "@/lib/authz/can";
import type { Permission } from "@/lib/authz/permissions";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import type { ConnectorType } from "@/lib/providers/connectors/catalogue";
import type { Connection } from "@/lib/providers/connectors/contract";
import { readVersion } from "@/lib/secrets/versions";
import { networksOf } from "@/lib/workspaces/networks-of";
import { connectionOf, typeNamed } from "./configuration";
import { type ConnectorRow, findConnector, findForUse } from "./find-connector";

// A connector with its main keys, for the server's own call of its provider. It is read in a transaction that ends before anything is called,
// and leaves the process in no answer.

export type OpenConnector = {
  connector: ConnectorRow;
  type: ConnectorType;
  connection: Connection;
  resourceTypes: readonly string[];
  resourceId: string | null;
  secretVersion: number | null;
  networks: string[];
  longLivedKeysLeave: boolean;
};

/** The version of the connector's secret that holds now, and its values. Errors: sealed; conflict when it was destroyed. */
export async function mainKeysOf(tx: Tx, organizationId: string, connector: Pick<ConnectorRow, "secret_id" | "workspace_id">) {
  if (!connector.secret_id) return { version: null, values: {} };
  const { version } = await tx.selectFrom("secret").select("version").where("id", "=", connector.secret_id).executeTakeFirstOrThrow();
  const values = await readVersion(tx, organizationId, { workspaceId: connector.workspace_id, secretId: connector.secret_id, version });
  return { version, values };
}

/** A connector with what its provider is given. Errors: sealed; conflict when its keys were destroyed. */
export async function openedOf(tx: Tx, organizationId: string, connector: ConnectorRow): Promise<OpenConnector> {
  const { version, values } = await mainKeysOf(tx, organizationId, connector);
  const { long_lived_keys_leave } = await tx
    .selectFrom("workspace")
    .select("long_lived_keys_leave")
    .where("id", "=", connector.workspace_id)
    .executeTakeFirstOrThrow();
  return {
    connector,
    type: typeNamed(connector.type),
    connection: connectionOf(connector.method, connector.configuration, values),
    resourceTypes: connector.resource_types,
    resourceId: connector.resource_id,
    secretVersion: version,
    networks: await networksOf(tx, connector.workspace_id),
    longLivedKeysLeave: long_lived_keys_leave,
  };
}

type Scope = (tx: Tx, actor: Subject, id: string) => ReturnType<typeof findConnector>;

const opening = (name: string, permission: Permission, scope: Scope) =>
  defineQuery({
    name,
    permission,
    input: z.strictObject({ id: z.uuid() }),
    scope: ({ tx, actor, input }) => scope(tx, actor, input.id),
    run: ({ tx, actor, target: { connector } }): Promise<OpenConnector> => openedOf(tx, actor.organizationId, connector),
  });

/** For issuing a credential and for listing what it reaches. Errors: not_found, forbidden, sealed. */
export const openForUse = opening("connector.open", "connector:use", findForUse);
/** For trying it. Errors: as above. */
export const openToVerify = opening("connector.try", "connector:verify", (tx, _actor, id) => findConnector(tx, id));
/** For changing it: the keys that stay are tried with what changes. Errors: as above. */
export const openToChange = opening("connector.change", "connector:update", (tx, _actor, id) => findConnector(tx, id));
