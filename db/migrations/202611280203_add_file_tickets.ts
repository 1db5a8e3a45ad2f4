import { type Kysely, sql } from "kysely";

// One-use, short-lived addresses of what lies in artifact stores: a visualization shown in a frame, a download. The row is what makes an
// address single-use across processes; only a hash of its secret is stored.

const TABLES = `
create table file_ticket (
  token_sha256 bytea primary key,
  workspace_id uuid not null references workspace,
  project_id uuid not null references project on delete cascade,
  purpose text not null check (purpose in ('visualization', 'download', 'wire_download')),
  artifact_version_id uuid not null references artifact_version on delete cascade,
  visualization_id uuid references artifact_visualization on delete cascade,
  principal_id uuid not null references principal on delete cascade,
  credential_kind text not null,
  credential_id text not null,
  credential_generation integer,
  request_id text not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz,
  check ((purpose = 'visualization') = (visualization_id is not null))
);
create index file_ticket_expiry on file_ticket (expires_at);
create index file_ticket_version on file_ticket (artifact_version_id);
create index file_ticket_visualization on file_ticket (visualization_id) where visualization_id is not null;
create index file_ticket_principal on file_ticket (principal_id);
create index file_ticket_project on file_ticket (project_id);
alter table file_ticket enable row level security;
create policy in_scope on file_ticket using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
