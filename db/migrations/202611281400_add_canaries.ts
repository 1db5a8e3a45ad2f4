import { type Kysely, sql } from "kysely";

// Canaries: accounts of a kind of their own, made to measure how long access lives after its end. They have no address, so no mail, and no
// list of people or service accounts knows their kind. A round makes and removes one per cause; what it found is kept for 90 days.

const TABLES = `
alter table principal drop constraint principal_kind_check;
alter table principal add constraint principal_kind_check check (kind in ('user', 'service_account', 'canary'));

alter table directory drop constraint directory_provider_check;
alter table directory add constraint directory_provider_check check (provider in ('okta', 'entra', 'other', 'claims', 'canary'));

alter table organization add column canaries_on boolean not null default true, add column canaries_next_at timestamptz not null default clock_timestamp() + interval '1 hour';

create table canary_round (
  id uuid primary key,
  organization_id uuid not null references organization,
  asked_by uuid,
  at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  failure text
);
create index canary_round_list on canary_round (organization_id, at desc, id desc);

create table canary_trial (
  id uuid primary key,
  round_id uuid not null references canary_round on delete cascade,
  organization_id uuid not null,
  at timestamptz not null default clock_timestamp(),
  cause text not null,
  surface text not null,
  canary text not null,
  seconds double precision,
  failure text,
  check (failure is null or seconds is null)
);
create index canary_trial_round on canary_trial (round_id);
create index canary_trial_list on canary_trial (organization_id, at desc, id desc);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
