import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { adminsWhoGetIn } from "@/lib/access/keep-a-system-admin";
import { defineQuery } from "@/lib/kernel/query";
import { certificateFacts } from "./certificates";
import { proofRecord } from "./domain";
import { endingSessions, ofDomain, whyNot } from "./enforcement";
import { loadConnection, missingPart, settingsOf } from "./load-connection";
import { loadDomain } from "./load-domain";
import type { ConnectionFacts, ConnectionSummary, DomainFacts, EnforcementPreview, Protocol, SamlSettings } from "./schema";

// What System Admins and Auditors read of connections: never a secret.

type SummaryRow = Omit<ConnectionSummary, "certificateEndsAt"> & { settings: unknown };

/** All connections by name. */
export const listConnections = defineQuery({
  name: "sso-connection.list",
  permission: "sso-connection:read",
  input: z.strictObject({}),
  scope: () => ({}),
  run: async ({ tx, actor }): Promise<ConnectionSummary[]> => {
    const { rows } = await sql<SummaryRow>`
      select c.id, c.slug, c.name, c.provider, c.protocol, c.state, c.settings,
        coalesce((select jsonb_agg(jsonb_build_object('domain', d.domain, 'isProven', d.proof is not null, 'isEnforced', d.enforced_at is not null)
          order by d.domain) from sso_domain d where d.connection_id = c.id), '[]'::jsonb) as domains,
        (select count(distinct i.principal_id)::int from sso_identity i where i.connection_id = c.id and i.last_at > now() - interval '30 days') as people,
        (select max(i.last_at) from sso_identity i where i.connection_id = c.id) as "lastSignInAt",
        (select max(a.at) from sso_attempt a where a.connection_id = c.id and a.outcome = 'refused' and a.mode = 'sign_in') as "lastRefusedAt",
        case when c.tested_version = c.version then (select jsonb_build_object(
            'held', (select count(*) from jsonb_array_elements(a.result -> 'checks') k where (k ->> 'ok')::boolean), 'of', jsonb_array_length(a.result -> 'checks'))
          from sso_attempt a where a.connection_id = c.id and a.outcome = 'tested' order by a.at desc limit 1) end as checks
      from sso_connection c where c.organization_id = ${actor.organizationId} and c.deleted_at is null order by c.name, c.id`.execute(tx);
    return rows.map(({ settings, ...row }) => ({ ...row, certificateEndsAt: firstEnd(row.protocol, settings) }));
  },
});

function firstEnd(protocol: Protocol, stored: unknown): string | null {
  const settings = protocol === "saml" ? (settingsOf(protocol, stored) as SamlSettings | null) : null;
  const ends = (settings?.certificates ?? []).map((pem) => certificateFacts(pem).endsAt).sort();
  return ends.find((end) => Date.parse(end) > Date.now()) ?? ends.at(-1) ?? null;
}

const ofConnection = z.strictObject({ connectionId: z.uuid() });

/** One connection, by its id or its name in addresses. Error: not_found. */
export const getConnection = defineQuery({
  name: "sso-connection.read",
  permission: "sso-connection:read",
  input: z.strictObject({ connection: z.string().max(63) }),
  scope: ({ tx, actor, input }) => loadConnection(tx, actor, input.connection, "read"),
  run: async ({ tx, target: { connection } }): Promise<ConnectionFacts> => {
    type More = Pick<ConnectionFacts, "testedAt" | "testedBy" | "identities" | "updatedAt"> & { domains: (Omit<DomainFacts, "record"> & { token: string })[] };
    const { rows } = await sql<More>`
      select c.tested_at as "testedAt", coalesce(nullif(p.full_name, ''), p.name) as "testedBy", c.updated_at as "updatedAt",
        (select count(*)::int from sso_identity i where i.connection_id = c.id) as identities,
        coalesce((select jsonb_agg(jsonb_build_object('id', d.id, 'domain', d.domain, 'token', d.proof_token, 'proof', d.proof, 'provenAt', d.proven_at,
          'enforcedAt', d.enforced_at) order by d.domain) from sso_domain d where d.connection_id = c.id), '[]'::jsonb) as domains
      from sso_connection c left join principal p on p.id = c.tested_by where c.id = ${connection.id}`.execute(tx);
    const { domains, ...more } = rows[0] as More;
    const { secretSealed, ...facts } = connection;
    return {
      ...facts,
      ...more,
      hasSecret: secretSealed !== null,
      missing: missingPart(connection) ?? null,
      certificates: connection.protocol === "saml" ? (connection.settings?.certificates ?? []).map(certificateFacts) : [],
      domains: domains.map(({ token, ...domain }) => ({ ...domain, record: proofRecord(domain.domain, token) })),
    };
  },
});

/** That the actor may change a connection, before something outside is asked for it. Errors: not_found, forbidden. */
export const getConnectionForUpdate = defineQuery({
  name: "sso-connection.change-begun",
  permission: "sso-connection:update",
  input: ofConnection,
  scope: ({ tx, actor, input }) => loadConnection(tx, actor, input.connectionId, "read"),
  run: async ({ target: { connection } }) => ({ id: connection.id, slug: connection.slug }),
});

const ofOneDomain = z.strictObject({ domainId: z.uuid() });

/** The record that proves a domain, for who may prove it. Error: not_found. */
export const readChallenge = defineQuery({
  name: "sso-domain.proof-begun",
  permission: "sso-connection:update",
  input: ofOneDomain,
  scope: ({ tx, actor, input }) => loadDomain(tx, actor, input.domainId, "read"),
  run: async ({ target: { domain } }) => proofRecord(domain.domain, domain.token),
});

const MOST = 200;

/** What enforcing a domain would do, and why it can't be done now. Error: not_found. */
export const previewEnforcement = defineQuery({
  name: "sso-domain.enforcement-previewed",
  permission: "sso-connection:enforce",
  input: ofOneDomain,
  scope: ({ tx, actor, input }) => loadDomain(tx, actor, input.domainId, "read"),
  run: async ({ tx, actor, target: { domain, connection } }): Promise<EnforcementPreview> => {
    const admins = await adminsWhoGetIn(tx, actor.organizationId, domain.id);
    const { rows } = await sql<EnforcementPreview["strangers"][number] & { total: number }>`
      select p.id as "principalId", coalesce(nullif(p.full_name, ''), p.name) as who, p.email, p.last_seen_at as "lastSeenAt", count(*) over ()::int as total,
        exists (select 1 from role_grant g where g.principal_id = p.id and g.role = 'system-admin' and g.effect = 'allow'
          and (g.valid_to is null or g.valid_to > now())) as "isSystemAdmin"
      from principal p where ${ofDomain(actor, domain.domain)}
        and not exists (select 1 from sso_identity i where i.principal_id = p.id and i.connection_id = ${connection.id})
      order by "isSystemAdmin" desc, who, p.id limit ${MOST}`.execute(tx);
    const { rows: sessions } = await sql<{ count: number }>`
      select count(*)::int as count from session s join principal p on p.id = s.principal_id
      where s.expires_at > now() and ${ofDomain(actor, domain.domain)} and ${endingSessions(actor, connection.id)}`.execute(tx);
    const refusal = whyNot(actor, domain, connection, admins);
    return {
      refusal: refusal ? `${refusal.message} ${refusal.fix}` : null,
      strangers: rows.map(({ total: _, ...row }) => row),
      total: rows[0]?.total ?? 0,
      sessions: sessions[0]?.count ?? 0,
      admins: admins.length,
    };
  },
});
