import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { firstOf } from "@/lib/kernel/first-of";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { asRecord, parseRecord, toEnvironment, toParameters, withoutValues } from "./recorded";
import { hideSecrets } from "@/lib/audit/redact";
import { findRunScope, noSuchRun } from "./run-scope";
import type { RunSnapshot } from "./snapshot-schema";

// The snapshot tab: what the run was started with. The configurations of its steps are looked through for the names of secrets only.

const MAX_SECRETS = 500;

/** What one run was started with. Error: not_found. */
export const getRunSnapshot = defineQuery({
  name: "run.snapshot",
  permission: "run:read",
  input: z.strictObject({ projectId: z.uuid(), runId: z.uuid() }),
  scope: findRunScope,
  run: async ({ tx, input }): Promise<RunSnapshot> => {
    const found = await findSnapshot(tx, input.runId);
    if (!found) throw noSuchRun();
    const configuration = parseRecord(found.configuration);
    return {
      id: found.id,
      name: found.name,
      createdAt: found.created_at,
      isDynamic: found.is_dynamic,
      stepCount: found.step_count,
      clientVersion: found.client_version,
      serverVersion: found.server_version,
      versionHash: found.pipeline_version_hash,
      codeDigest: found.code_digest,
      codePath: found.code_path,
      pipelineSource: found.source,
      pipeline: found.pipeline,
      stack: found.stack_id && found.stack ? { id: found.stack_id, name: found.stack } : null,
      components: found.stack_id ? await findComponents(tx, found.stack_id) : [],
      parameters: toParameters(hideSecrets(configuration?.parameters)),
      secrets: await findSecrets(tx, found.id, found.configuration_sha256),
      configuration: configuration ? JSON.stringify(withoutValues(configuration), null, 2) : null,
      declared: toEnvironment(found.environment, found.packages, found.client_version),
      observed: found.observed === null ? null : toEnvironment(found.observed, found.observed_packages, null),
    };
  },
});

type Found = {
  id: string;
  name: string | null;
  created_at: string;
  is_dynamic: boolean;
  step_count: number;
  client_version: string | null;
  server_version: string | null;
  pipeline_version_hash: string | null;
  code_digest: string | null;
  code_path: string | null;
  source: string | null;
  pipeline: string | null;
  stack_id: string | null;
  stack: string | null;
  configuration: string | null;
  configuration_sha256: Buffer;
  environment: string | null;
  packages: string | null;
  observed: string | null;
  observed_packages: string | null;
};

async function findSnapshot(tx: Tx, runId: string): Promise<Found | undefined> {
  const { rows } = await sql<Found>`
    select n.id, n.name, n.created_at, n.is_dynamic, n.step_count, n.client_version, n.server_version, n.pipeline_version_hash,
      coalesce(encode(n.code_sha256, 'hex'), r.code_digest) as code_digest, n.code_path, source.body as source, p.name as pipeline, s.id as stack_id, s.name as stack,
      configuration.body as configuration, n.pipeline_configuration_sha256 as configuration_sha256,
      environment.body as environment, packages.body as packages, observed.body as observed, observed_packages.body as observed_packages
    from run r
      join snapshot n on n.id = r.snapshot_id
      left join pipeline p on p.id = n.pipeline_id
      left join stack s on s.id = ${firstOf("n.stack_id", "r.stack_id")}
      left join document source on source.workspace_id = n.workspace_id and source.sha256 = n.source_code_sha256
      left join document configuration on configuration.workspace_id = n.workspace_id and configuration.sha256 = n.pipeline_configuration_sha256
      left join document environment on environment.workspace_id = n.workspace_id and environment.sha256 = n.client_environment_sha256
      left join document packages on packages.workspace_id = n.workspace_id and packages.sha256 = n.python_packages_sha256
      left join document observed on observed.workspace_id = n.workspace_id and observed.sha256 = r.orchestrator_environment_sha256
      left join document observed_packages on observed_packages.workspace_id = n.workspace_id and observed_packages.sha256 = r.python_packages_sha256
    where r.id = ${runId}`.execute(tx);
  return rows[0];
}

async function findComponents(tx: Tx, stackId: string): Promise<RunSnapshot["components"]> {
  return tx
    .selectFrom("stack_component as sc")
    .innerJoin("component as c", "c.id", "sc.component_id")
    .innerJoin("flavor as f", "f.id", "c.flavor_id")
    .select(["c.id", "c.type", "c.name", "f.name as flavor"])
    .where("sc.stack_id", "=", stackId)
    .orderBy("sc.position")
    .execute();
}

/** Secrets by name that the pipeline's and the steps' configurations list; only bodies that hold the word are read. */
async function findSecrets(tx: Tx, snapshotId: string, configuration: Buffer): Promise<RunSnapshot["secrets"]> {
  const { rows } = await sql<{ of: string | null; body: string }>`
    select t.of, d.body from (
      select null::text as of, -1 as position, n.workspace_id, ${configuration}::bytea as sha256 from snapshot n where n.id = ${snapshotId}
      union all
      select name, position, workspace_id, body_sha256 from snapshot_step where snapshot_id = ${snapshotId}
    ) t join document d on d.workspace_id = t.workspace_id and d.sha256 = t.sha256
    where d.body ~ '"secrets": *\\[ *"' order by t.position limit ${MAX_SECRETS}`.execute(tx);
  return rows.flatMap(({ of, body }) => {
    const record = parseRecord(body);
    const names = (of === null ? record : asRecord(record?.config))?.secrets;
    return Array.isArray(names) ? names.filter((name): name is string => typeof name === "string").map((name) => ({ name, of })) : [];
  });
}
