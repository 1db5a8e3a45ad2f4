import { type Kysely, sql } from "kysely";

// Access reviews. What is reviewed is kept as it was when the review was opened, in values and not in references: a review stays readable
// when a grant, a team or a project is gone. A review that was signed or cancelled never changes again, whoever asks.

const TABLES = `
create table access_review (
  id uuid primary key,
  organization_id uuid not null references organization,
  workspace_ref uuid references workspace,
  role text,
  name text not null,
  note text not null default '',
  due_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'signed', 'cancelled')),
  created_by uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  closed_by uuid,
  closed_at timestamptz,
  comment text,
  digest text check (digest ~ '^[0-9a-f]{64}$'),
  check ((state = 'open') = (closed_at is null)),
  check ((state = 'signed') = (digest is not null))
);
create index access_review_place on access_review (organization_id, workspace_ref, created_at desc, id desc);

create table access_review_item (
  id uuid primary key,
  review_id uuid not null references access_review,
  grant_id uuid not null,
  subject_kind text not null check (subject_kind in ('user', 'service_account', 'team')),
  subject_id uuid not null,
  who text not null,
  members jsonb not null default '[]',
  role text not null,
  scope_kind text not null check (scope_kind in ('organization', 'workspace', 'project')),
  workspace_ref uuid,
  workspace text,
  project_ref uuid,
  project text,
  source text not null,
  through text,
  granted_by text,
  since timestamptz not null,
  until timestamptz,
  last_used_at timestamptz,
  risks text[] not null default '{}',
  decision text check (decision in ('keep', 'revoke', 'ended')),
  reason text,
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  check (decision <> 'revoke' or reason is not null)
);
create unique index access_review_item_once on access_review_item (review_id, grant_id);

create function keep_closed_reviews() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'access_review' then
    if old.state <> 'open' then raise exception 'a closed access review is not changed'; end if;
  elsif exists (select 1 from access_review r where r.id = old.review_id and r.state <> 'open') then
    raise exception 'a closed access review is not changed';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger access_review_closed before update or delete on access_review for each row execute function keep_closed_reviews();
create trigger access_review_item_closed before update or delete on access_review_item for each row execute function keep_closed_reviews();
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
