import { type Kysely, sql } from "kysely";

// What a secret is bound to, as intervals that stay when they end, and what else "who could use it" is answered from: since when a secret
// was there and whose it was, and which components a stack had. These two are written by triggers, so that no way of changing the thing
// itself can forget them. A use gains the run and step it was for.

const TABLES = `
create table secret_binding (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  secret_id uuid not null references secret on delete cascade,
  kind text not null check (kind in ('stack', 'component', 'pipeline', 'step')),
  target_id uuid not null,
  target_name text not null,
  step text,
  path text not null check (path in ('attached', 'reference')),
  fields text[] not null default '{}',
  opened_by uuid,
  opened_request_id text not null,
  valid_from timestamptz not null,
  closed_by uuid,
  closed_request_id text,
  valid_to timestamptz,
  check ((kind = 'step') = (step is not null)),
  check ((valid_to is null) = (closed_request_id is null)),
  check (valid_to is null or valid_to >= valid_from)
);
create unique index secret_binding_open on secret_binding (secret_id, kind, target_id, path, coalesce(step, '')) where valid_to is null;
create index secret_binding_secret on secret_binding (secret_id, valid_from);
create index secret_binding_target on secret_binding (target_id, valid_from);
create index secret_binding_workspace on secret_binding (workspace_id);
alter table secret_binding enable row level security;
create policy in_scope on secret_binding using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));

create table secret_state (
  secret_id uuid not null references secret on delete cascade,
  workspace_id uuid not null references workspace,
  owner_id uuid,
  private_to uuid,
  valid_from timestamptz not null,
  valid_to timestamptz
);
create index secret_state_secret on secret_state (secret_id, valid_from);
create index secret_state_workspace on secret_state (workspace_id);
alter table secret_state enable row level security;
create policy in_scope on secret_state using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));
insert into secret_state (secret_id, workspace_id, owner_id, private_to, valid_from, valid_to)
  select id, workspace_id, created_by, private_to, created_at, deleted_at from secret;

create function keep_secret_state() returns trigger language plpgsql set search_path = reeve, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    if (old.private_to, old.created_by, old.deleted_at) is not distinct from (new.private_to, new.created_by, new.deleted_at) then return null; end if;
    update secret_state set valid_to = greatest(valid_from, new.updated_at) where secret_id = new.id and valid_to is null;
  end if;
  if new.deleted_at is null then
    insert into secret_state (secret_id, workspace_id, owner_id, private_to, valid_from)
      values (new.id, new.workspace_id, new.created_by, new.private_to, case when tg_op = 'INSERT' then new.created_at else new.updated_at end);
  end if;
  return null;
end $$;
create trigger secret_state_kept after insert or update on secret for each row execute function keep_secret_state();

create table stack_part (
  stack_id uuid not null,
  component_id uuid not null,
  workspace_id uuid not null references workspace,
  valid_from timestamptz not null,
  valid_to timestamptz
);
create index stack_part_component on stack_part (component_id, valid_from);
create index stack_part_stack on stack_part (stack_id, valid_from);
create index stack_part_workspace on stack_part (workspace_id);
alter table stack_part enable row level security;
create policy in_scope on stack_part using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));
insert into stack_part (stack_id, component_id, workspace_id, valid_from)
  select l.stack_id, l.component_id, l.workspace_id, s.created_at from stack_component l join stack s on s.id = l.stack_id;

create function keep_stack_part() returns trigger language plpgsql set search_path = reeve, pg_temp as $$
begin
  if tg_op = 'DELETE' then
    update stack_part set valid_to = now() where stack_id = old.stack_id and component_id = old.component_id and valid_to is null;
  else
    -- A change of a stack writes all its parts again, in one transaction: what was there before goes on.
    update stack_part set valid_to = null where stack_id = new.stack_id and component_id = new.component_id and valid_to = now();
    if not found then
      insert into stack_part (stack_id, component_id, workspace_id, valid_from) values (new.stack_id, new.component_id, new.workspace_id, now());
    end if;
  end if;
  return null;
end $$;
create trigger stack_part_kept after insert or delete on stack_component for each row execute function keep_stack_part();

alter table secret_use drop constraint secret_use_purpose_check;
alter table secret_use add constraint secret_use_purpose_check check (purpose in ('client', 'reveal', 'run'));
alter table secret_use
  add column run_id uuid,
  add column step_run_id uuid,
  add column binding_id uuid,
  add column exactness text check (exactness in ('exact', 'inferred')),
  add column process text,
  add column valid_until timestamptz,
  add constraint secret_use_of_run check ((run_id is null) = (exactness is null));
drop index secret_use_secret;
create index secret_use_secret on secret_use (secret_id, at desc, id desc) include (binding_id, principal_id, run_id);
create index secret_use_run on secret_use (run_id, at) where run_id is not null;
create index secret_use_waiting on secret_use (principal_id, at) where run_id is null and purpose = 'client';
create index run_actor_progress on run (created_by, created_at) where in_progress;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
