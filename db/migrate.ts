import "server-only";
/*
 * Brings a database to this version's schema, under PostgreSQL's own lock, so that several starts at once are safe:
 * migrations (forward only), what the app's role may do, and the rows that come with the product.
 * Runs as the owner, in the launcher and the tests; the web server and the worker never see the owner's URL.
 */
import { createHash, randomUUID } from "node:crypto";
import { Kysely, Migrator, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { migrations } from "@/db/migrations/index";
import flavors from "@/db/seed/flavors.json";

const MIGRATION_TABLE = "schema_migration";
const LOCK_TABLE = "schema_migration_lock";
const GRANTS_LOCK = 7_733_101;

/** What the app's role may do beyond the default of select, insert, update and delete. */
const RESTRICTED: Record<string, string> = {
  audit_entry: "select", // written by append_audit() alone
  audit_head: "select",
  entity_count: "select", // kept by triggers
  installation: "select",
  [MIGRATION_TABLE]: "select",
  [LOCK_TABLE]: "select",
};

/**
 * Migrates the database at `ownerUrl`, gives `appRole` its rights, and upserts the seed.
 * Returns the names of the migrations that were run now. Throws what the failing migration threw; nothing of it stays.
 */
export async function migrate(ownerUrl: string, appRole: string): Promise<string[]> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 2, options: "-c search_path=reeve" });
  pool.on("error", () => undefined); // an idle connection that breaks is replaced; a query's error reaches its caller
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const migrator = new Migrator({
      db,
      provider: { getMigrations: async () => migrations },
      migrationTableSchema: "reeve",
      migrationTableName: MIGRATION_TABLE,
      migrationLockTableName: LOCK_TABLE,
    });
    const { error, results } = await migrator.migrateToLatest();
    if (error) {
      const failed = results?.find((result) => result.status === "Error")?.migrationName;
      throw new Error(failed ? `The migration ${failed} failed: ${messageOf(error)}` : messageOf(error), { cause: error });
    }
    await db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(${GRANTS_LOCK})`.execute(tx);
      await grantToApp(tx, appRole);
      await sql`insert into installation (server_id) values (${randomUUID()}) on conflict do nothing`.execute(tx);
      await seedFlavors(tx);
    });
    return (results ?? []).filter((result) => result.status === "Success").map((result) => result.migrationName);
  } finally {
    await db.destroy();
  }
}

async function grantToApp(tx: Kysely<unknown>, appRole: string): Promise<void> {
  const role = sql.id(appRole);
  await sql`revoke all on schema reeve from public`.execute(tx);
  await sql`revoke all on all functions in schema reeve from public`.execute(tx);
  await sql`revoke all on all tables in schema reeve from ${role}`.execute(tx);
  await sql`grant usage on schema reeve to ${role}`.execute(tx);
  await sql`grant execute on all functions in schema reeve to ${role}`.execute(tx);
  await sql`grant usage on all sequences in schema reeve to ${role}`.execute(tx);
  const tables = await sql<{ name: string }>`
    select c.relname as name from pg_class c where c.relnamespace = 'reeve'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')`.execute(tx);
  for (const { name } of tables.rows) {
    const rights = sql.raw(RESTRICTED[name] ?? "select, insert, update, delete");
    await sql`grant ${rights} on ${sql.id("reeve", name)} to ${role}`.execute(tx);
  }
}

/** The flavors that every zenml client knows; ids are derived from type and name, so that they are the same everywhere. */
async function seedFlavors(tx: Kysely<unknown>): Promise<void> {
  const rows = flavors.map((flavor) => ({ id: derivedId(`flavor:${flavor.type}:${flavor.name}`), ...flavor }));
  await sql`
    insert into flavor (id, name, type, display_name, integration, source, config_schema, connector_type, connector_resource_type,
      connector_resource_id_attr, logo_url, docs_url, sdk_docs_url, is_custom)
    select id, name, type, display_name, integration, source, config_schema, connector_type, connector_resource_type,
      connector_resource_id_attr, logo_url, docs_url, sdk_docs_url, false
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(id uuid, name text, type text, display_name text, integration text, source text,
      config_schema jsonb, connector_type text, connector_resource_type text, connector_resource_id_attr text, logo_url text, docs_url text,
      sdk_docs_url text)
    on conflict (coalesce(workspace_id, '00000000-0000-0000-0000-000000000000'), type, name) do update set
      display_name = excluded.display_name, integration = excluded.integration, source = excluded.source,
      config_schema = excluded.config_schema, connector_type = excluded.connector_type,
      connector_resource_type = excluded.connector_resource_type, connector_resource_id_attr = excluded.connector_resource_id_attr,
      logo_url = excluded.logo_url, docs_url = excluded.docs_url, sdk_docs_url = excluded.sdk_docs_url
    where (flavor.display_name, flavor.source, flavor.config_schema) is distinct from (excluded.display_name, excluded.source, excluded.config_schema)
  `.execute(tx);
}

/** A UUID (version 8: our own layout) made from a text. */
function derivedId(text: string): string {
  const bytes = createHash("sha256").update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
