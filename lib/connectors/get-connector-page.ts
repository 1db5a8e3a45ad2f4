import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { defineQuery } from "@/lib/kernel/query";
import { findConnector } from "./find-connector";
import { type FoundIssue, issueRow, issueSource } from "./issue-rows";
import type { ConnectorDraft, ConnectorPage } from "./schema";
import { endsByItself, methodTitle } from "./words";

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
const MOST_LIVING = 100;

type Facts = {
  owner: string | null;
  owner_kind: string | null;
  keys_version: number | null;
  keys_changed_at: string | null;
  leave: boolean;
  used_by: ConnectorPage["usedBy"];
};

/** A connector's page, without its keys. Error: not_found. */
export const getConnectorPage = defineQuery({
  name: "connector.page",
  permission: "connector:read",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, input }) => findConnector(tx, input.id),
  run: async ({ tx, actor, target: { connector } }): Promise<ConnectorPage> => {
    const { rows } = await sql<Facts>`
      select coalesce(nullif(u.full_name, ''), u.name) as owner, u.kind as owner_kind, s.version as keys_version, s.rotated_at as keys_changed_at, w.long_lived_keys_leave as leave,
        coalesce((select jsonb_agg(jsonb_build_object('id', k.id, 'name', k.name, 'type', k.type, 'resourceId', k.connector_resource_id) order by k.name)
          from component k where k.connector_id = c.id and ${visibleTo(actor, "component:read", { workspaceId: "k.workspace_id", ownerId: "k.created_by", thingId: "k.id" })}), '[]') as used_by
      from connector c join workspace w on w.id = c.workspace_id left join principal u on u.id = c.created_by left join secret s on s.id = c.secret_id
      where c.id = ${connector.id}`.execute(tx);
    const facts = rows[0] as Facts;
    const living = await sql<FoundIssue>`select x.* from ${issueSource(
      actor,
      sql`i.connector_id = ${connector.id} and i.outcome = 'issued' and i.revoked_at is null
        and (i.expires_at > clock_timestamp() or (i.expires_at is null and i.secret_version is not distinct from ${facts.keys_version}))`,
    )} order by x.expires_at desc nulls first, x.at desc limit ${MOST_LIVING}`.execute(tx);
    return {
      id: connector.id,
      name: connector.name,
      type: connector.type,
      method: connector.method,
      methodTitle: methodTitle(connector.type, connector.method),
      isShort: endsByItself(connector.type, connector.method),
      description: connector.description,
      resourceTypes: connector.resource_types,
      resourceId: connector.resource_id,
      configuration: Object.entries(connector.configuration).map(([name, value]) => [name, textOf(value)]),
      mainKeys: connector.secret_keys,
      keysVersion: facts.keys_version,
      keysChangedAt: facts.keys_changed_at,
      expirationSeconds: connector.expiration_seconds,
      labels: Object.entries(connector.labels),
      verifiedAt: connector.verified_at,
      lastError: connector.last_error,
      lastErrorAt: connector.last_error_at,
      lastIssuedAt: connector.last_issued_at,
      expiresAt: connector.expires_at,
      owner: facts.owner ? { name: facts.owner, kind: facts.owner_kind ?? "user" } : null,
      ownerId: connector.created_by,
      createdAt: connector.created_at,
      updatedAt: connector.updated_at,
      next: connector.next_version === null ? null : { since: connector.next_since ?? connector.updated_at, error: connector.next_error },
      usedBy: facts.used_by,
      living: living.rows.map(issueRow),
      longLivedKeysLeave: facts.leave,
    };
  },
});

/** What the edit form starts from. Errors: not_found, forbidden. */
export const getConnectorDraft = defineQuery({
  name: "connector.draft",
  permission: "connector:update",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, input }) => findConnector(tx, input.id),
  run: async ({ target: { connector } }): Promise<ConnectorDraft> => ({
    id: connector.id,
    name: connector.name,
    description: connector.description,
    type: connector.type,
    method: connector.method,
    resourceTypes: connector.resource_types,
    resourceId: connector.resource_id,
    values: Object.fromEntries(Object.entries(connector.configuration).map(([name, value]) => [name, JSON.stringify(value)])),
    kept: connector.secret_keys,
    expirationSeconds: connector.expiration_seconds,
    expiresAt: connector.expires_at,
    basedOn: connector.updated_at,
  }),
});
