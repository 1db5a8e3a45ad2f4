import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineQuery } from "@/lib/kernel/query";
import { plainValue } from "./recorded";
import { findRunScope } from "./run-scope";
import type { MetadataRow } from "./schema";

// What was logged in a run: on itself, its steps, the artifacts it made and its model version. The latest value of each key.

export const METADATA_SHOWN = 200;

export type RunMetadata = { rows: MetadataRow[]; total: number };

/** The metadata of a run by key; the first `METADATA_SHOWN` that hold the text in a name or key. Error: not_found. */
export const getRunMetadata = defineQuery({
  name: "run.metadata",
  permission: "run:read",
  input: z.strictObject({ projectId: z.uuid(), runId: z.uuid(), text: z.string().max(255).default("") }),
  scope: findRunScope,
  run: async ({ tx, input: { runId, text } }): Promise<RunMetadata> => {
    const { rows } = await sql<MetadataRow & { total: number }>`
      with thing as (
        select r.id, 0 as rank, 'run' as about, r.created_at as at from run r where r.id = ${runId}
        union all
        select s.id, 1, s.name || case when s.version > 1 then ', try ' || s.version else '' end, s.created_at from step_run s where s.run_id = ${runId}
        union all
        select v.id, 2, a.name || ' ' || case when v.version ~ '^[0-9]+$' then 'v' else '' end || v.version, v.created_at
          from artifact_version v join artifact a on a.id = v.artifact_id where v.producer_run_id = ${runId}
        union all
        select v.id, 3, d.name || ' ' || case when v.name ~ '^[0-9]+$' then 'v' else '' end || v.name, v.created_at
          from run r join model_version v on v.id = r.model_version_id join model d on d.id = v.model_id where r.id = ${runId}
      ), latest as (
        select distinct on (thing.rank, thing.at, m.resource_id, m.key) thing.about, thing.rank, thing.at as thing_at, m.key, m.value, m.type, m.created_at as at
        from thing join metadata_entry m on m.resource_id = thing.id
        order by thing.rank, thing.at, m.resource_id, m.key, m.created_at desc, m.id desc
      )
      select about, key, value, type, at, count(*) over () as total from latest
      where strpos(lower(about || ' ' || key), lower(${text})) > 0
      order by rank, thing_at, about, key limit ${METADATA_SHOWN}`.execute(tx);
    return {
      total: Number(rows[0]?.total ?? 0),
      rows: rows.map(({ total: _total, ...row }) => ({ ...row, value: plainValue(row.value) })),
    };
  },
});
