import "server-only";
import pg from "pg";

// What a request reads: runs the product's own code in this process, notes the statements that it sends, and asks PostgreSQL to explain
// each with what it touched.

export type Statement = { text: string; values: unknown[] };
export type Explained = { text: string; ms: number; planningMs: number; hit: number; read: number; rows: number; plan: string };

/** The select statements that `work` sends through any pg client of this process. */
export async function statementsOf(work: () => Promise<unknown>): Promise<Statement[]> {
  const statements: Statement[] = [];
  const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
  const original = prototype.query;
  prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [text, values] = args;
    if (typeof text === "string" && /^\s*(select|with)\b/i.test(text) && !text.includes("set_config("))
      statements.push({ text, values: Array.isArray(values) ? values : [] });
    return original.apply(this, args);
  };
  try {
    await work();
  } finally {
    prototype.query = original;
  }
  return statements;
}

/** Explains statements as the app's role in the scope of one workspace, the way the product runs them. */
export async function explain(appUrl: string, workspaceId: string, statements: readonly Statement[]): Promise<Explained[]> {
  const client = new pg.Client({ connectionString: appUrl, options: "-c search_path=reeve -c timezone=UTC" });
  await client.connect();
  try {
    const explained: Explained[] = [];
    for (const { text, values } of statements) {
      await client.query("begin");
      await client.query("select set_config('reeve.workspaces', $1, true)", [workspaceId]);
      const ask = (options: string) => client.query(`explain (${options}) ${text}`, values);
      await ask("analyze, format json"); // the first reading pays for the caches
      const { rows } = await ask("analyze, buffers, format json");
      const { rows: lines } = await ask("analyze, buffers");
      await client.query("rollback");
      const top = rows[0]["QUERY PLAN"][0];
      explained.push({
        text: text.replace(/\s+/g, " ").trim(),
        ms: top["Execution Time"],
        planningMs: top["Planning Time"],
        hit: top.Plan["Shared Hit Blocks"],
        read: top.Plan["Shared Read Blocks"],
        rows: top.Plan["Actual Rows"],
        plan: lines.map((line) => line["QUERY PLAN"]).join("\n"),
      });
    }
    return explained;
  } finally {
    await client.end();
  }
}
