import { type Kysely, sql } from "kysely";

// A browser session may look at the console as a role: which one, where, and until when. It ends with the session.

const COLUMNS = `
alter table session add column view_role text;
alter table session add column view_workspace_ref uuid references workspace;
alter table session add column view_project_ref uuid references project on delete cascade;
alter table session add column view_place text;
alter table session add column view_until timestamptz;
alter table session add constraint session_view check ((view_role is null) = (view_until is null)
  and (view_role is not null or view_workspace_ref is null) and (view_project_ref is null or view_workspace_ref is not null));
create index session_view_workspace on session (view_workspace_ref) where view_workspace_ref is not null;
create index session_view_project on session (view_project_ref) where view_project_ref is not null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(COLUMNS).execute(db);
}
