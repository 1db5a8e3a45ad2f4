import { type Kysely, sql } from "kysely";

// What the lists of artifacts, versions and steps filter and sort by is a column with an index. An artifact knows how many versions it has
// and which is the newest: a trigger keeps both, whoever writes.

const ARTIFACTS = `
alter table artifact add column version_count integer not null default 0, add column latest_version_id uuid,
  add column latest_version_at timestamptz not null default clock_timestamp();
update artifact a set version_count = c.versions, latest_version_id = c.id, latest_version_at = c.created_at
  from (select distinct on (artifact_id) artifact_id, id, created_at, count(*) over (partition by artifact_id) as versions
        from artifact_version order by artifact_id, created_at desc, id desc) c
  where c.artifact_id = a.id;
create index artifact_latest on artifact (project_id, latest_version_at desc, id desc);
create index artifact_version_items on artifact_version (project_id, item_count desc nulls last, id desc);
create index artifact_version_content on artifact_version (project_id, content_hash, created_at desc, id desc) where content_hash is not null;
create index artifact_version_producer_step on artifact_version (producer_step_run_id) where producer_step_run_id is not null;

create function count_versions() returns trigger language plpgsql set search_path = reeve, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    update artifact a set version_count = a.version_count + c.versions,
      latest_version_id = case when a.latest_version_id is null or c.created_at >= a.latest_version_at then c.id else a.latest_version_id end,
      latest_version_at = case when a.latest_version_id is null then c.created_at else greatest(c.created_at, a.latest_version_at) end
    from (select distinct on (artifact_id) artifact_id, id, created_at, count(*) over (partition by artifact_id) as versions
          from changed order by artifact_id, created_at desc, id desc) c
    where a.id = c.artifact_id;
  else
    update artifact a set version_count = a.version_count - c.versions, latest_version_id = l.id, latest_version_at = coalesce(l.created_at, a.latest_version_at)
    from (select artifact_id, count(*) as versions from changed group by 1) c
      left join lateral (select v.id, v.created_at from artifact_version v where v.artifact_id = c.artifact_id order by v.created_at desc, v.id desc limit 1) l on true
    where a.id = c.artifact_id;
  end if;
  return null;
end $$;
create trigger artifact_version_counted after insert on artifact_version referencing new table as changed for each statement execute function count_versions();
create trigger artifact_version_uncounted after delete on artifact_version referencing old table as changed for each statement execute function count_versions();
`;

const STEPS = `
update step_run set start_time = created_at where start_time is null;
alter table step_run alter column start_time set default clock_timestamp(), alter column start_time set not null,
  add column duration_s double precision generated always as (extract(epoch from (end_time - start_time))) stored;
create index step_run_started on step_run (project_id, start_time desc, id desc);
create index step_run_name on step_run (project_id, name, start_time desc, id desc);
create index step_run_status on step_run (project_id, status, start_time desc, id desc);
create index step_run_duration on step_run (project_id, duration_s, id);
create index step_run_duration_down on step_run (project_id, duration_s desc nulls last, id desc);
create index step_run_code on step_run (project_id, code_hash, start_time desc, id desc) where code_hash is not null;
create index step_run_model_version on step_run (model_version_id) where model_version_id is not null;
create index step_run_parent_parent on step_run_parent (parent_id);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(ARTIFACTS).execute(db);
  await sql.raw(STEPS).execute(db);
}
