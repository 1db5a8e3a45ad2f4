import { type Kysely, sql } from "kysely";

// A secret of one project. The project is no foreign key: what was deleted in it stays on record when the project goes.

const CHANGES = `
alter table secret add column project_id uuid, add constraint secret_scope check (private_to is null or project_id is null);
drop index secret_public_name;
create unique index secret_public_name on secret (workspace_id, name) where private_to is null and project_id is null and deleted_at is null;
create unique index secret_project_name on secret (project_id, name) where project_id is not null and deleted_at is null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(CHANGES).execute(db);
}
