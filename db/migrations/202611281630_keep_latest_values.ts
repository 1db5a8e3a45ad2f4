import { type Kysely, sql } from "kysely";

// What lists count and filter by is kept or covered: a model knows how many versions it has and a pipeline how many runs, the latest value
// of each key of metadata is marked, and the indexes that are counted through hold what row-level security and the readers' rights ask.

/** `parent` counts its `child`ren in `column`. */
const counted = (parent: string, child: string, column: string) => `
alter table ${parent} add column ${column} integer not null default 0;
update ${parent} p set ${column} = c.many from (select ${parent}_id, count(*) as many from ${child} where ${parent}_id is not null group by 1) c where p.id = c.${parent}_id;
create function count_${child}s_of_${parent}() returns trigger language plpgsql set search_path = reeve, pg_temp as $$
begin
  update ${parent} p set ${column} = p.${column} + case tg_op when 'INSERT' then c.many else -c.many end
  from (select ${parent}_id, count(*) as many from changed where ${parent}_id is not null group by 1) c where p.id = c.${parent}_id;
  return null;
end $$;
create trigger ${child}_counted after insert on ${child} referencing new table as changed for each statement execute function count_${child}s_of_${parent}();
create trigger ${child}_uncounted after delete on ${child} referencing old table as changed for each statement execute function count_${child}s_of_${parent}();
`;

// Two that log the same key on the same thing at once must not both stay the latest: the lock is on a part of all things, so that one
// statement for many things takes no more locks than there are parts.
const METADATA = `
alter table metadata_entry add column is_latest boolean not null default true;
update metadata_entry m set is_latest = false where exists (
  select 1 from metadata_entry later where later.resource_id = m.resource_id and later.key = m.key and (later.created_at, later.id) > (m.created_at, m.id));
drop index metadata_entry_key;
create index metadata_entry_key on metadata_entry (project_id, resource_type, key, value_number) include (workspace_id, resource_id) where is_latest;
drop index metadata_entry_text;
create index metadata_entry_text on metadata_entry (project_id, resource_type, key, value) include (workspace_id, resource_id)
  where is_latest and value_number is null and length(value) <= 200;
create function mark_latest_values() returns trigger language plpgsql set search_path = reeve, pg_temp as $$
begin
  perform pg_advisory_xact_lock(7733102, part) from (select distinct abs(hashtext(resource_id::text) % 256) as part from changed order by 1) parts;
  update metadata_entry m set is_latest = false from (select distinct resource_id, key from changed) c
    where m.resource_id = c.resource_id and m.key = c.key and m.is_latest and exists (
      select 1 from metadata_entry later where later.resource_id = m.resource_id and later.key = m.key and (later.created_at, later.id) > (m.created_at, m.id));
  return null;
end $$;
create trigger metadata_entry_marked after insert on metadata_entry referencing new table as changed for each statement execute function mark_latest_values();
`;

// Upwards, as rows come: an index that grows at its lower end is left with its pages half full, and is read downwards as well.
const COUNTED_THROUGH = `
drop index audit_entry_workspace;
create index audit_entry_workspace on audit_entry (workspace_id, seq) include (actor_id);
alter table audit_entry drop constraint audit_entry_pkey;
alter table audit_entry add primary key (organization_id, seq) include (workspace_id, actor_id);
drop index run_pipeline;
create index run_pipeline on run (pipeline_id, created_at, id)
  include (workspace_id, project_id, created_by, number, status, duration_s, start_time, in_progress, model_version_id, lost_at);
drop index run_stack;
create index run_stack on run (stack_id, created_at, id) include (workspace_id, project_id, created_by) where stack_id is not null;
drop index snapshot_pipeline;
create index snapshot_pipeline on snapshot (pipeline_id, created_at) include (workspace_id, project_id, created_by);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  const counts = [counted("model", "model_version", "version_count"), counted("pipeline", "run", "run_count")];
  for (const part of [...counts, METADATA, COUNTED_THROUGH]) await sql.raw(part).execute(db);
}
