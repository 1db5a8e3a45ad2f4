import { type Kysely, sql } from "kysely";

// "Which runs could use it" has to be answered also when their stack is gone, and "which run was it for" when its component is connected no more. A run that loses
// its stack keeps which one it was; since when a component was connected to what is an interval. Both are written by triggers, as the parts of stacks are.

const CHANGES = `
create table run_past_stack (
  run_id uuid primary key references run on delete cascade,
  workspace_id uuid not null references workspace,
  stack_id uuid not null
);
create index run_past_stack_stack on run_past_stack (stack_id);
create index run_past_stack_workspace on run_past_stack (workspace_id);
alter table run_past_stack enable row level security;
create policy in_scope on run_past_stack using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));

create function keep_past_stack() returns trigger language plpgsql set search_path = reeve, pg_temp as $$
begin
  insert into run_past_stack (run_id, workspace_id, stack_id) select id, workspace_id, stack_id from run where stack_id = old.id on conflict do nothing;
  return old;
end $$;
create trigger run_past_stack_kept before delete on stack for each row execute function keep_past_stack();

create table component_connection (
  component_id uuid not null,
  connector_id uuid not null,
  workspace_id uuid not null references workspace,
  valid_from timestamptz not null,
  valid_to timestamptz
);
create index component_connection_component on component_connection (component_id, connector_id);
create index component_connection_workspace on component_connection (workspace_id);
alter table component_connection enable row level security;
create policy in_scope on component_connection using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));
insert into component_connection (component_id, connector_id, workspace_id, valid_from)
  select id, connector_id, workspace_id, created_at from component where connector_id is not null;

create function keep_component_connection() returns trigger language plpgsql set search_path = reeve, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.connector_id is not distinct from old.connector_id then return null; end if;
  if tg_op <> 'INSERT' then update component_connection set valid_to = now() where component_id = old.id and valid_to is null; end if;
  if tg_op <> 'DELETE' and new.connector_id is not null then
    insert into component_connection (component_id, connector_id, workspace_id, valid_from) values (new.id, new.connector_id, new.workspace_id, now());
  end if;
  return null;
end $$;
create trigger component_connection_kept after insert or delete or update of connector_id on component for each row execute function keep_component_connection();
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(CHANGES).execute(db);
}
