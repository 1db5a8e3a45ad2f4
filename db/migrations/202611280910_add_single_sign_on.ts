import { type Kysely, sql } from "kysely";

// Single sign-on: connections to identity providers, the domains that are proven for them, who signed in through them, and each attempt.
// The sign-on library keeps what it holds in two tables of its own (connections, sealed by its own key, and for minutes the sessions and codes
// of logins that are under way). Its rows are opaque to us; they are found by key or by one of the names that the library gave them.

const TABLES = `
create table sso_store (
  namespace text not null,
  key text not null,
  value text not null,
  iv text,
  tag text,
  created_at timestamptz not null default clock_timestamp(),
  modified_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  primary key (namespace, key)
);
create index sso_store_newest on sso_store (namespace, created_at desc, key);
create index sso_store_expired on sso_store (expires_at) where expires_at is not null;

create table sso_index (
  namespace text not null,
  name text not null,
  value text not null,
  store_key text not null,
  primary key (namespace, name, value, store_key),
  foreign key (namespace, store_key) references sso_store (namespace, key) on delete cascade
);
create index sso_index_of_key on sso_index (namespace, store_key);

create table sso_connection (
  id uuid primary key,
  organization_id uuid not null references organization,
  slug text not null,
  name text not null,
  provider text not null check (provider in ('okta', 'entra', 'google', 'keycloak', 'generic')),
  protocol text not null check (protocol in ('saml', 'oidc')),
  state text not null default 'draft' check (state in ('draft', 'on', 'off')),
  settings jsonb not null default '{}',
  secret_sealed bytea,
  attributes jsonb not null default '{}',
  makes_accounts boolean not null default true,
  allows_unsolicited boolean not null default false,
  allows_sha1 boolean not null default false,
  directory_id uuid not null references directory,
  version integer not null default 1,
  registered_version integer,
  tested_version integer,
  tested_at timestamptz,
  tested_by uuid,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  deleted_at timestamptz
);
create unique index sso_connection_slug on sso_connection (organization_id, slug) where deleted_at is null;

create table sso_domain (
  id uuid primary key,
  organization_id uuid not null references organization,
  connection_id uuid not null references sso_connection,
  domain text not null check (domain = lower(domain)),
  proof_token text not null,
  proof text check (proof in ('dns', 'confirmed')),
  proven_at timestamptz,
  proven_by uuid,
  enforced_at timestamptz,
  enforced_by uuid,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  unique (organization_id, domain),
  check ((proof is null) = (proven_at is null)),
  check (enforced_at is null or proven_at is not null)
);
create index sso_domain_connection on sso_domain (connection_id);

create table sso_identity (
  id uuid primary key,
  connection_id uuid not null references sso_connection,
  subject text not null,
  principal_id uuid not null references principal on delete cascade,
  email text,
  claims jsonb not null default '{}',
  linked_at timestamptz not null default clock_timestamp(),
  last_at timestamptz,
  unique (connection_id, subject)
);
create index sso_identity_principal on sso_identity (principal_id);

create table sso_attempt (
  id uuid primary key,
  organization_id uuid not null references organization,
  connection_id uuid not null references sso_connection,
  mode text not null check (mode in ('sign_in', 'test', 'link')),
  started_by uuid,
  relay_sha256 bytea unique,
  request_id text,
  code_sha256 bytea unique,
  exchanged_at timestamptz,
  outcome text not null default 'open' check (outcome in ('open', 'signed_in', 'tested', 'linked', 'refused')),
  refusal text,
  principal_id uuid,
  session_id uuid,
  email text,
  steps jsonb not null default '[]',
  result jsonb,
  address text,
  user_agent text,
  request_ref text not null,
  at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
create index sso_attempt_list on sso_attempt (connection_id, at desc, id desc);
create index sso_attempt_age on sso_attempt (at);

create table sso_assertion (
  connection_id uuid not null references sso_connection,
  assertion_sha256 bytea not null,
  ends_at timestamptz not null,
  primary key (connection_id, assertion_sha256)
);
create index sso_assertion_age on sso_assertion (ends_at);

alter table session add column sso_connection_id uuid references sso_connection, add column sso_subject text, add column sso_index text;
create index session_sso on session (sso_connection_id, sso_subject) where sso_connection_id is not null;

alter table directory drop constraint directory_provider_check;
alter table directory add constraint directory_provider_check check (provider in ('okta', 'entra', 'other', 'claims'));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
