import { type Kysely, sql } from "kysely";

// Direct shares: grants that hold for one thing of their workspace or project. They only give, and they end with the thing: whatever deletes it,
// in the same transaction. A secret that is deleted or made private is nobody else's from then on.

const COLUMNS = ["role_grant", "team_grant"].map(
  (table) => `
alter table ${table} add column thing_type text, add column thing_id uuid, add column thing_name text,
  add constraint ${table}_thing check ((thing_id is null) = (thing_type is null) and (thing_id is null) = (thing_name is null)),
  add constraint ${table}_thing_gives check (thing_id is null or (effect = 'allow' and scope_kind <> 'organization'));
create index ${table}_of_thing on ${table} (thing_id) where thing_id is not null;`,
);

const ENDS = `
alter table access_review_item add column thing_type text, add column thing_id uuid, add column thing_name text;

create function end_shares(things uuid[]) returns void language sql set search_path = reeve, pg_temp as $$
  update role_grant set valid_to = clock_timestamp(), ended_by = 'person' where thing_id = any (things) and (valid_to is null or valid_to > clock_timestamp());
  update team_grant set valid_to = clock_timestamp(), ended_by = 'person' where thing_id = any (things) and (valid_to is null or valid_to > clock_timestamp());
$$;

create function end_shares_of_deleted() returns trigger language plpgsql set search_path = reeve, pg_temp as $$
begin
  if exists (select from deleted d join role_grant g on g.thing_id = d.id) or exists (select from deleted d join team_grant g on g.thing_id = d.id) then
    perform end_shares((select array_agg(id) from deleted));
  end if;
  return null;
end $$;

create function end_shares_of_hidden() returns trigger language plpgsql set search_path = reeve, pg_temp as $$
begin
  perform end_shares(array[new.id]);
  return null;
end $$;
create trigger secret_shares_hidden after update of deleted_at, private_to on secret for each row
  when (new.deleted_at is not null or new.private_to is not null) execute function end_shares_of_hidden();
`;

const TRIGGERS = ["stack", "component", "secret", "pipeline", "model", "artifact"].map(
  (table) =>
    `create trigger ${table}_shares after delete on ${table} referencing old table as deleted for each statement execute function end_shares_of_deleted();`,
);

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw([...COLUMNS, ENDS, ...TRIGGERS].join("\n")).execute(db);
}
