import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import pg from "pg";

// Gives a seeded run what its client would have written into the local artifact store: logs of the run and of its steps, one of them long,
// and an artifact version with a file and a visualization of every kind. Writes the records as the database's owner.

export type SeededFiles = {
  runId: string;
  stepName: string;
  /** The long log, and a short one that a test may let grow. */
  longLogId: string;
  growingLog: { id: string; file: string };
  artifactVersionId: string;
  artifactName: string;
  version: string;
};

type Wish = {
  workspace: string;
  /** The workspace's folder of REEVE_LOCAL_ARTIFACT_ROOTS. */
  root: string;
  runId: string;
  lines?: number;
  project?: string;
};

const LEVELS = [20, 20, 20, 20, 20, 20, 10, 20, 30, 20];

/** One line as the client stores it. */
export const logLine = (message: string, level = 20, at = "2026-11-22T18:38:01.354238Z"): string =>
  `${JSON.stringify({ message, name: "unknown", level, timestamp: at, chunk_index: 0, total_chunks: 1, id: "5648baaa-6d1e-46b5-b802-1dea0398dc2a" })}\n`;

/** Writes the files and their records. */
export async function seedFiles(ownerUrl: string, { workspace, root, runId, lines = 2_000, project = "default" }: Wish): Promise<SeededFiles> {
  const client = new pg.Client({ connectionString: ownerUrl, options: "-c search_path=reeve -c timezone=UTC" });
  await client.connect();
  try {
    const one = async (text: string, values: unknown[]) => {
      const row = (await client.query(text, values)).rows[0];
      if (!row) throw new Error(`nothing to seed files for: ${text}`);
      return row;
    };
    const place = await one(
      "select p.workspace_id, p.id as project_id from project p join workspace w on w.id = p.workspace_id where w.slug = $1 and p.name = $2",
      [workspace, project],
    );
    const store = (
      await one(
        "select c.id from component c where c.workspace_id = $1 and c.type = 'artifact_store' and c.configuration->>'path' is null order by c.created_at limit 1",
        [place.workspace_id],
      )
    ).id as string;
    const steps = (await client.query("select id, name from step_run where run_id = $1 order by created_at, id", [runId])).rows as {
      id: string;
      name: string;
    }[];
    const folder = path.join(root, store);
    fs.mkdirSync(path.join(folder, "logs"), { recursive: true });

    const addLog = async (write: (file: string) => void, owner: { run?: string; step?: string }, source: string) => {
      const id = randomUUID();
      const file = path.join(folder, "logs", `${id}.log`);
      write(file);
      await client.query(
        `insert into log_record (id, workspace_id, project_id, source, uri, artifact_store_id, run_id, step_run_id, request_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'seed')`,
        [id, place.workspace_id, place.project_id, source, file, store, owner.run ?? null, owner.step ?? null],
      );
      return { id, file };
    };

    await addLog(
      (file) => fs.writeFileSync(file, ["Initiating a new run for the pipeline.", "Using stack: `default`"].map((text) => logLine(text)).join("")),
      { run: runId },
      "client",
    );
    const first = steps[0];
    if (!first) throw new Error("the run has no step to seed logs for");
    const long = await addLog((file) => writeLong(file, lines), { step: first.id }, "step");
    const growing = await addLog((file) => fs.writeFileSync(file, logLine("the first line")), { step: (steps[1] ?? first).id }, "step");

    const version = await one(
      `select v.id, v.version, a.name from step_run_output o join artifact_version v on v.id = o.artifact_version_id join artifact a on a.id = v.artifact_id
       where o.step_run_id = $1 order by v.created_at, v.id limit 1`,
      [first.id],
    );
    const files = path.join(folder, "artifacts", version.id);
    writeVisualizations(files);
    await client.query("update artifact_version set uri = $2, artifact_store_id = $3 where id = $1", [version.id, files, store]);
    await client.query("delete from artifact_visualization where artifact_version_id = $1", [version.id]);
    for (const [type, name] of VISUALIZATIONS)
      await client.query("insert into artifact_visualization (id, workspace_id, artifact_version_id, type, uri) values ($1, $2, $3, $4, $5)", [
        randomUUID(),
        place.workspace_id,
        version.id,
        type,
        path.join(files, name),
      ]);
    return {
      runId,
      stepName: first.name,
      longLogId: long.id,
      growingLog: growing,
      artifactVersionId: version.id,
      artifactName: version.name,
      version: version.version,
    };
  } finally {
    await client.end();
  }
}

const MULTI_LINE =
  'Traceback (most recent call last):\n  File "train.py", line 41, in train_model\n    booster.fit(features)\nValueError: feature_names mismatch';

function writeLong(file: string, lines: number): void {
  const begin = Date.parse("2026-11-22T18:38:01.000Z");
  const out = fs.openSync(file, "w");
  let piece = "";
  for (let at = 1; at <= lines; at++) {
    const isLast = at === lines;
    const text =
      at % 1_000 === 0
        ? `epoch ${at / 1_000} done, loss ${(1 / (1 + at / 1_000)).toFixed(5)}`
        : at % 1_777 === 0
          ? MULTI_LINE
          : `batch ${at} of ${lines}: 512 rows in 41 ms`;
    const level = at % 1_777 === 0 ? 40 : (LEVELS[at % LEVELS.length] as number);
    piece += logLine(text, level, new Date(begin + at * 41).toISOString().replace("Z", "000Z"));
    if (piece.length < 4_000_000 && !isLast) continue;
    fs.writeSync(out, piece);
    piece = "";
  }
  fs.closeSync(out);
}

const VISUALIZATIONS = [
  ["csv", "head.csv"],
  ["json", "summary.json"],
  ["markdown", "report.md"],
  ["image", "curve.svg"],
  ["image", "dot.png"],
  ["html", "profile.html"],
] as const;

/** A page that tries what it must not: its own words say what it got. */
const HTML = `<!doctype html><title>Profile</title><body><h1>Profile of the data</h1><p id="says">nothing was tried</p><script>
const tries = {
  cookie: () => document.cookie,
  parent: () => parent.document.title,
  storage: () => localStorage.length,
  top: () => { top.location.href = "/stolen"; return "moved"; },
};
const said = Object.entries(tries).map(([name, act]) => { try { return name + ": got " + JSON.stringify(act()); } catch (error) { return name + ": refused"; } });
document.getElementById("says").textContent = said.join(", ");
fetch("/api/shell").then(() => "got", () => "refused").then((word) => { document.body.dataset.fetch = word; });
</script>`;

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR4nGNgqNqJFTEMLQkAQBxSAYb4vxUAAAAASUVORK5CYII=";
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 120" width="320" height="120" role="img"><rect width="320" height="120" fill="#ffffff"/><path d="M10 100 C80 20 120 90 310 15" fill="none" stroke="#14201c" stroke-width="2"/><script>parent.document.title = "taken"</script></svg>`;

function writeVisualizations(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  const write = (name: string, body: string | Buffer) => fs.writeFileSync(path.join(folder, name), body);
  const rows = Array.from({ length: 400 }, (_, at) => `${at},card_${at % 7},${(at * 1.37).toFixed(2)},${at % 19 === 0 ? "yes" : "no"}`);
  write("head.csv", `,merchant,amount,"is fraud"\n${rows.join("\n")}\n`);
  write(
    "summary.json",
    JSON.stringify({ rows: 148_204, columns: ["merchant", "amount", "is_fraud"], missing: { merchant: 0, amount: 12 }, share: 0.0173, ok: true, note: null }),
  );
  write(
    "report.md",
    "# Data report\n\nTwo columns **drifted** since the last run.\n\n| column | shift |\n|---|---|\n| amount | 0.12 |\n| merchant | 0.03 |\n\n<script>document.title = 'taken'</script>\n\n- `amount`: more small payments\n- see [the notebook](https://example.com)\n",
  );
  write("curve.svg", SVG);
  write("dot.png", Buffer.from(PNG, "base64"));
  write("profile.html", HTML);
  write("data.parquet", Buffer.alloc(4_096, 7));
  write("labels.tsv", `id\tlabel\n${Array.from({ length: 40 }, (_, at) => `${at}\t${at % 19 === 0 ? "fraud" : "fine"}`).join("\n")}\n`);
}
