import { type Kysely, sql } from "kysely";

// Who asked to see the values of a secret, and who of the others let them: once, and for some minutes.

const CHANGES = `
alter table workspace add column reveals_need_second boolean not null default false;
create table reveal_request (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  secret_id uuid not null references secret on delete cascade,
  principal_id uuid not null references principal on delete cascade,
  reason text not null,
  state text not null default 'open' check (state in ('open', 'approved', 'declined', 'withdrawn', 'used')),
  expires_at timestamptz not null,
  decided_by uuid references principal,
  decided_at timestamptz,
  comment text,
  used_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  check (state in ('open', 'withdrawn') or decided_by is not null),
  check (decided_by <> principal_id),
  check ((state = 'used') = (used_at is not null))
);
create unique index reveal_request_open on reveal_request (secret_id, principal_id) where state in ('open', 'approved');
create index reveal_request_secret on reveal_request (secret_id, created_at desc);
create index reveal_request_workspace on reveal_request (workspace_id, created_at desc, id desc);
create index reveal_request_principal on reveal_request (principal_id);
alter table reveal_request enable row level security;
create policy in_scope on reveal_request using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(CHANGES).execute(db);
}
