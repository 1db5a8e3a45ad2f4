import "server-only";
/*
 * The two database roles: makes the app's role where the owner may, and proves at every start that the app's role is
 * held by row-level security and can't change the audit trail. A start with one role for both is refused.
 */
import pg from "pg";

const SCHEMA = "reeve";
const MIN_VERSION = 150_000;

/** The database or its roles aren't fit to start on; `message` says why and what to do. */
export class DatabaseRolesError extends Error {
  override name = "StartError";
}

/** Opens a connection, asks, closes it. What can't be reached is a DatabaseRolesError that names the variable. */
async function withClient<T>(url: string, variable: string, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => undefined); // the query that is running rejects with it
  try {
    await client.connect();
  } catch (cause) {
    throw new DatabaseRolesError(`The database of ${variable} can't be entered: ${(cause as Error).message}`, { cause });
  }
  return ask(client).finally(() => client.end());
}

/**
 * Makes sure that the owner's database is new enough and that the app's role exists, and returns the app's URL.
 * @param appUrl REEVE_APP_DATABASE_URL; without it the role reeve_app is made or taken, with `password`.
 */
export async function prepareAppRole(ownerUrl: string, appUrl: string | undefined, password: () => string): Promise<string> {
  const url = new URL((appUrl ?? ownerUrl).replace("@/", "@localhost/")); // an empty host (a socket named by ?host=) is no URL for Node
  if (!appUrl) {
    url.username = "reeve_app";
    url.password = password();
  }
  const role = decodeURIComponent(url.username);
  await withClient(ownerUrl, "DATABASE_URL", async (client) => {
    const { rows } = await client.query(
      `select current_setting('server_version_num')::int as number, current_setting('server_version') as version, current_user as name,
        (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) as "mayCreate",
        exists (select from pg_roles where rolname = $1) as "isThere"`,
      [role],
    );
    const owner = rows[0];
    if (owner.number < MIN_VERSION) {
      throw new DatabaseRolesError(`DATABASE_URL names PostgreSQL ${owner.version}; Reeve needs 15 or newer.`);
    }
    if (owner.name === role) {
      throw new DatabaseRolesError(
        "REEVE_APP_DATABASE_URL has the same role as DATABASE_URL. The app runs under a second role that owns nothing, so that row-level security and the audit trail hold it too: name another one.",
      );
    }
    const login = `login password ${client.escapeLiteral(decodeURIComponent(url.password))}`;
    if (!owner.isThere && owner.mayCreate) {
      await client.query(`create role ${client.escapeIdentifier(role)} ${login} nosuperuser nocreatedb nocreaterole nobypassrls`);
    } else if (!owner.isThere) {
      throw new DatabaseRolesError(
        `The role ${role} doesn't exist, and the role of DATABASE_URL may not make roles. Make it (create role ${role} login password '…') and set REEVE_APP_DATABASE_URL.`,
      );
    } else if (!appUrl && owner.mayCreate) {
      await client.query(`alter role ${client.escapeIdentifier(role)} ${login}`);
    } else if (!appUrl) {
      throw new DatabaseRolesError("REEVE_APP_DATABASE_URL isn't set, and the role of DATABASE_URL may not make roles. Set it to the URL of the app's role.");
    }
  });
  return url.toString();
}

/** Proves, as the app's role on a migrated database, what the second wall stands on. Throws DatabaseRolesError with everything that is wrong. */
export async function checkAppRole(appUrl: string): Promise<void> {
  const problems = await withClient(appUrl, "REEVE_APP_DATABASE_URL", async (client) => {
    const { rows: found } = await client.query(`select to_regclass('${SCHEMA}.installation') is not null as "isThere"`);
    if (!found[0].isThere) {
      throw new DatabaseRolesError("REEVE_APP_DATABASE_URL doesn't lead to the database of DATABASE_URL: name the same host and database in both.");
    }
    const { rows } = await client.query<{ problem: string }>(`
      select 'it is a superuser' as problem from pg_roles where rolname = current_user and rolsuper
      union all select 'it bypasses row-level security' from pg_roles where rolname = current_user and rolbypassrls
      union all select 'it owns the table ' || relname from pg_class
        where relnamespace = '${SCHEMA}'::regnamespace and relkind in ('r', 'p') and pg_has_role(current_user, relowner, 'MEMBER')
      union all select 'the table ' || c.relname || ' has a workspace_id but no row-level security' from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
        where c.relnamespace = '${SCHEMA}'::regnamespace and c.relkind in ('r', 'p') and not c.relrowsecurity
      union all select 'it may ' || right_ || ' the audit trail' from unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) as right_
        where has_table_privilege('${SCHEMA}.audit_entry', right_)
      union all select 'it may make things in the schema' where has_schema_privilege('${SCHEMA}', 'CREATE')`);
    return rows.map((row) => row.problem);
  });
  if (problems.length > 0) {
    throw new DatabaseRolesError(
      `The app's database role (REEVE_APP_DATABASE_URL) isn't held by its walls: ${problems.join("; ")}. Give the app a role of its own that owns nothing.`,
    );
  }
}
