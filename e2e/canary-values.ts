import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import pg from "pg";

// Values that may be nowhere: every one holds the same rare word, which is looked for in all the spellings in which a value could have been copied.

/** No other text has it, and none of its letters is written otherwise in a URL. */
const WORD = "ZwitscherKanarie7Vogel";

export const canary = (index: number): string => `${WORD}-${index}-${Math.random().toString(36).slice(2)}/+=ä`;

/** Plain, reversed, hex, percent-encoded throughout, and base64 wherever the word begins in what was encoded. */
const NEEDLES: [spelling: string, text: string][] = [
  ["plain", WORD],
  ["reversed", [...WORD].reverse().join("")],
  ["hex", Buffer.from(WORD).toString("hex")],
  ["HEX", Buffer.from(WORD).toString("hex").toUpperCase()],
  ["URL-encoded", Buffer.from(WORD).toString("hex").replace(/../g, "%$&")],
  ["URL-ENCODED", Buffer.from(WORD).toString("hex").toUpperCase().replace(/../g, "%$&")],
  ...[0, 1, 2].map((offset): [string, string] => {
    const encoded = Buffer.from(`${"x".repeat(offset)}${WORD}`)
      .toString("base64")
      .replace(/=+$/, "");
    // The letters at both ends depend on what stands beside the word.
    return [`base64 at ${offset}`, encoded.slice(offset === 0 ? 0 : offset + 1, -1)];
  }),
];

/** The spellings in which a canary is in something. */
export function spellingsIn(found: string | Buffer): string[] {
  const bytes = Buffer.isBuffer(found) ? found : Buffer.from(found);
  return NEEDLES.filter(([, text]) => bytes.includes(text)).map(([spelling]) => spelling);
}

/**
 * Everything below a folder, as it lies there: tables, indexes, write-ahead log, server logs, keys. File and spelling of each hit; `control` is a text
 * that has to be there, and in which kinds of files it is shows that these were read.
 */
export function hitsBelow(folder: string, control: string): { hits: string[]; bytes: number; controlIn: string[] } {
  const hits: string[] = [];
  const controlIn = new Set<string>();
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const file = path.join(folder, name);
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found?.isFile()) continue;
    const content = contentOf(file);
    bytes += content.length;
    if (content.includes(control)) controlIn.add(/pg_wal|base/.exec(name)?.[0] ?? "other");
    hits.push(...spellingsIn(content).map((spelling) => `${name}: ${spelling}`));
  }
  return { hits, bytes, controlIn: [...controlIn].sort() };
}

/** What is written now; a file that has gone since it was listed holds nothing. */
function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

/** Every row of every table as a dump writes it, which files may hold compressed. Table and spelling of each hit, and the tables that hold the control. */
export async function hitsInDump(ownerUrl: string, control: string): Promise<{ hits: string[]; rows: number; controlIn: string[] }> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      "select format('%I.%I', table_schema, table_name) as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')",
    );
    const hits: string[] = [];
    const controlIn: string[] = [];
    let rows = 0;
    for (const { name } of tables.rows) {
      // Bytes as hex and as they are: what was never sealed would show in one of them.
      const found = await client.query<{ text: string }>(`select t::text as text from ${name} t`);
      rows += found.rows.length;
      if (found.rows.some(({ text }) => text.includes(control))) controlIn.push(name);
      const spellings = new Set(found.rows.flatMap(({ text }) => spellingsIn(text)));
      hits.push(...[...spellings].map((spelling) => `${name}: ${spelling}`));
    }
    return { hits, rows, controlIn };
  } finally {
    await client.end();
  }
}
