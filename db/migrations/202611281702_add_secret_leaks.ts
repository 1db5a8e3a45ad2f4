import { type Kysely, sql } from "kysely";

// Secrets that somebody said are known outside: since when, why, what they could have touched then, and when that was taken back or done with.

const TABLE = `
create table secret_leak (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  secret_id uuid not null references secret on delete cascade,
  since timestamptz not null,
  reason text not null,
  version integer not null,
  bindings integer not null,
  touched jsonb not null,
  opened_by uuid,
  opened_request_id text not null,
  opened_at timestamptz not null,
  closed_by uuid,
  closed_request_id text,
  closed_reason text,
  closed_at timestamptz,
  check ((closed_at is null) = (closed_request_id is null)),
  check ((closed_at is null) = (closed_reason is null))
);
create unique index secret_leak_open on secret_leak (secret_id) where closed_at is null;
create index secret_leak_secret on secret_leak (secret_id, opened_at);
create index secret_leak_workspace on secret_leak (workspace_id);
alter table secret_leak enable row level security;
create policy in_scope on secret_leak using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLE).execute(db);
}
