import "server-only";
import type pg from "pg";
import type { RunSecret } from "./run-secret";

// What the rows of `targets.ts` can name: ids and names from the filled project, a sample spread over its whole length.

export const WORKSPACE = "bench";
export const PROJECT = "default";

/** A run with what belongs to it. */
export type RunThing = { id: string; stepId: string; number: number };
export type VersionThing = { id: string; name: string; version: string };

export type Things = {
  projectId: string;
  stackId: string;
  /** An API key of a service account. */
  key: string;
  runs: RunThing[];
  /** Artifact versions with their artifact's name. */
  versions: VersionThing[];
  artifacts: string[];
  pipelines: string[];
  models: string[];
  modelVersions: VersionThing[];
  secret: RunSecret;
};

const SAMPLE = 200;

/** Reads the sample. `size` is the number of runs there are; `n` counts up to it. */
export async function findThings(client: pg.Client, at: Pick<Things, "projectId" | "stackId" | "key">, size: number): Promise<Omit<Things, "secret">> {
  // Odd and even in turns: only every second run has made a model version.
  const numbers = Array.from({ length: SAMPLE }, (_, index) => 1 + (index % 2) + Math.floor((index * (size - 1)) / SAMPLE));
  const ask = async <T extends pg.QueryResultRow>(text: string) =>
    (await client.query<T>(text, text.includes("$2") ? [at.projectId, numbers] : [at.projectId])).rows;
  const names = async (table: string) =>
    (await ask<{ name: string }>(`select name from reeve.${table} where project_id = $1 order by name`)).map((row) => row.name);
  return {
    ...at,
    runs: await ask<RunThing>(
      `select r.id, r.number::int, (select s.id from reeve.step_run s where s.run_id = r.id order by s.created_at, s.name limit 1) as "stepId"
       from reeve.run r where r.project_id = $1 and r.number = any ($2) order by md5(r.id::text)`,
    ),
    versions: await ask<VersionThing>(
      `select v.id, a.name, v.version from reeve.run r join reeve.step_run s on s.run_id = r.id join reeve.step_run_output o on o.step_run_id = s.id
         join reeve.artifact_version v on v.id = o.artifact_version_id join reeve.artifact a on a.id = v.artifact_id
       where r.project_id = $1 and r.number = any ($2) order by md5(v.id::text) limit ${SAMPLE}`,
    ),
    modelVersions: await ask<VersionThing>(
      `select v.id, m.name, v.name as version from reeve.run r join reeve.model_version v on v.id = r.model_version_id join reeve.model m on m.id = v.model_id
       where r.project_id = $1 and r.number = any ($2) order by md5(v.id::text)`,
    ),
    artifacts: await names("artifact"),
    pipelines: await names("pipeline"),
    models: await names("model"),
  };
}
