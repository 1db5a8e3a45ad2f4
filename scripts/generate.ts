/*
 * npm run generate: migrates a scratch database and writes db/types.ts from it; writes lib/wire/zenml/openapi.d.ts from
 * openapi.json beside it, docs/permissions.md from the permission table, the table of docs/api.md from the endpoints and components/ui/icons.svg from the icons' names. With --check it writes nothing and fails when a committed file differs from what would be written.
 */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { APP_ROLE, newPasswords, startEmbedded } from "@/db/embedded";
import { migrate } from "@/db/migrate";
import { apiDocument } from "./api-document";
import { iconSprite } from "./icon-sprite";
import { permissionsDocument } from "./permissions-document";

const isCheck = process.argv.includes("--check");

const HEADER = `// Generated from the migrated database by \`npm run generate\`. Don't edit it: write a migration.
import type { ColumnType, Generated } from "kysely";

export type Json = JsonValue;
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue | undefined };
/** Read as text: ISO 8601 in UTC with microseconds and Z. */
export type Timestamp = ColumnType<string, string | Date | undefined, string | Date>;
/** A timestamp without default and not null: an insert has to say it. */
export type RequiredTimestamp = ColumnType<string, string | Date, string | Date>;
/** Computed by the database: it can be read only. */
export type Computed<T> = ColumnType<T, never, never>;
`;

interface Column {
  table: string;
  column: string;
  type: string;
  element: string | null;
  nullable: boolean;
  hasDefault: boolean;
  computed: boolean;
}

const SCALARS: Record<string, string> = {
  bool: "boolean",
  bytea: "Buffer",
  cidr: "string",
  float4: "number",
  float8: "number",
  inet: "string",
  int2: "number",
  int4: "number",
  int8: "number",
  json: "Json",
  jsonb: "Json",
  numeric: "number",
  text: "string",
  timestamptz: "Timestamp",
  uuid: "string",
  varchar: "string",
};

async function databaseTypes(): Promise<string> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-generate-"));
  fs.chmodSync(directory, 0o711);
  const database = await startEmbedded({ directory: path.join(directory, "pg"), passwords: newPasswords(), isDurable: false });
  try {
    await migrate(database.ownerUrl, APP_ROLE);
    const client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
    const { rows } = await client.query<Column>(`
      select c.relname as table, a.attname as column, t.typname as type, e.typname as element, not a.attnotnull as nullable,
        a.atthasdef or a.attidentity <> '' as "hasDefault", a.attgenerated <> '' or a.attidentity = 'a' as computed
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
        left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
      where c.relnamespace = 'reeve'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition and a.attnum > 0
        and not a.attisdropped and c.relname not like 'schema_migration%'
      order by c.relname, a.attnum`);
    await client.end();
    return typesOf(rows);
  } finally {
    await database.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

function typesOf(columns: Column[]): string {
  const tables = new Map<string, Column[]>();
  for (const column of columns) tables.set(column.table, [...(tables.get(column.table) ?? []), column]);
  const parts = [HEADER];
  for (const [table, list] of tables) {
    parts.push(`export interface ${pascal(table)} {\n${list.map((column) => `  ${column.column}: ${typeOf(column)};`).join("\n")}\n}\n`);
  }
  parts.push(`export interface DB {\n${[...tables.keys()].map((table) => `  ${table}: ${pascal(table)};`).join("\n")}\n}\n`);
  return parts.join("\n");
}

function typeOf(column: Column): string {
  const scalar = SCALARS[column.element ?? column.type];
  if (!scalar) throw new Error(`${column.table}.${column.column}: the type ${column.type} isn't known to scripts/generate.ts.`);
  let type = column.element ? `${scalar === "Timestamp" ? "string" : scalar}[]` : scalar;
  if (type === "Timestamp" && !column.nullable && !column.hasDefault) type = "RequiredTimestamp";
  if (column.computed) return `Computed<${scalar === "Timestamp" ? "string" : type}${column.nullable ? " | null" : ""}>`;
  if (column.nullable) type = `${type} | null`;
  return column.hasDefault && !type.startsWith("Timestamp") ? `Generated<${type}>` : type;
}

function pascal(name: string): string {
  return name.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}

/** The OpenAPI types are made by the package's own command line, into a scratch file. */
function openapiTypes(source: string): string {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "reeve-openapi-")), "openapi.d.ts");
  execFileSync(process.execPath, [path.resolve("node_modules/openapi-typescript/bin/cli.js"), source, "--output", file], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const text = fs.readFileSync(file, "utf8");
  fs.rmSync(path.dirname(file), { recursive: true });
  return text;
}

const files: [string, string][] = [
  ["docs/permissions.md", permissionsDocument()],
  ["docs/api.md", apiDocument("docs/api.md")],
  ["components/ui/icons.svg", iconSprite()],
  ["db/types.ts", await databaseTypes()],
];
const openapi = "lib/wire/zenml/openapi.json";
if (fs.existsSync(openapi)) files.push(["lib/wire/zenml/openapi.d.ts", openapiTypes(openapi)]);

let hasDrift = false;
for (const [file, text] of files) {
  const current = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  if (current === text) continue;
  if (isCheck) {
    console.error(`${file} isn't what its source says. Run npm run generate and commit the result.`);
    hasDrift = true;
  } else {
    fs.writeFileSync(file, text);
    console.log(`wrote ${file}`);
  }
}
process.exit(hasDrift ? 1 : 0);
