import { randomUUID } from "node:crypto";
import type pg from "pg";

// What a busy team leaves on a model, for its pages: versions with numbers and tags, stages that were given and taken back, links to what
// their runs made, documentation. Called once by seedUi, inside its transaction.

const DAY_MS = 86_400_000;

type Seed = {
  workspaceId: string;
  projectId: string;
  modelId: string;
  /** Oldest first. */
  versionIds: string[];
  makers: { id: string }[];
  tagIds: string[];
  random: () => number;
};

export async function seedModels(client: pg.Client, { workspaceId, projectId, modelId, versionIds, makers, tagIds, random }: Seed): Promise<void> {
  const now = Date.now();
  await client.query(
    `update model set created_by = $2, created_at = $3, description = 'Scores card payments for fraud, one by one, before they are booked.',
      limitations = 'Not for corporate cards: they were left out of the training data.', license = 'Internal use' where id = $1`,
    [modelId, makers[0]?.id, new Date(now - 90 * DAY_MS)],
  );
  const newest = versionIds.length - 1;
  for (const [index, id] of versionIds.entries()) {
    const at = new Date(now - (newest - index) * 9 * DAY_MS - 3_600_000);
    await client.query("update model_version set created_by = $2, created_at = $3, description = $4 where id = $1", [
      id,
      makers[index % makers.length]?.id,
      at,
      index === newest ? "Retrained on the third quarter." : null,
    ]);
    const numbers = {
      auc: 0.921 + index * 0.004 + random() / 500,
      recall_at_1pct: 0.66 + index * 0.011,
      false_positives: 0.0049 - index * 0.0002,
      rows: 250_000 + index * 4_000,
    };
    for (const [key, value] of Object.entries(numbers))
      await client.query(
        `insert into metadata_entry (id, workspace_id, project_id, resource_type, resource_id, key, value, value_number, type) values ($1, $2, $3, 'model_version', $4, $5, $6, $7, 'float')`,
        [randomUUID(), workspaceId, projectId, id, key, JSON.stringify(value), value],
      );
    await client.query(
      `insert into metadata_entry (id, workspace_id, project_id, resource_type, resource_id, key, value, type) values ($1, $2, $3, 'model_version', $4, 'framework', '"xgboost 2.1.4"', 'str')`,
      [randomUUID(), workspaceId, projectId, id],
    );
    await client.query(
      `insert into model_version_run (id, workspace_id, model_version_id, run_id) select gen_random_uuid(), workspace_id, $1, id from run where model_version_id = $1 on conflict do nothing`,
      [id],
    );
    await client.query(
      `insert into model_version_artifact (id, workspace_id, model_version_id, artifact_version_id)
        select gen_random_uuid(), av.workspace_id, $1, av.id from artifact_version av join run r on r.id = av.producer_run_id where r.model_version_id = $1 limit 12 on conflict do nothing`,
      [id],
    );
    if (index % 2 === 0 && tagIds[index])
      await client.query(`insert into tag_resource (id, workspace_id, tag_id, resource_id, resource_type) values ($1, $2, $3, $4, 'model_version')`, [
        randomUUID(),
        workspaceId,
        tagIds[index],
        id,
      ]);
  }
  const held = async (version: string | undefined, stage: string, fromDaysAgo: number, toDaysAgo: number | null) => {
    if (!version) return;
    await client.query(
      `insert into model_stage_interval (workspace_id, model_version_id, stage, valid_from, valid_to, opened_request_id, closed_request_id) values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        workspaceId,
        version,
        stage,
        new Date(now - fromDaysAgo * DAY_MS),
        toDaysAgo === null ? null : new Date(now - toDaysAgo * DAY_MS),
        randomUUID(),
        toDaysAgo === null ? null : randomUUID(),
      ],
    );
    if (toDaysAgo === null) await client.query("update model_version set stage = $2 where id = $1", [version, stage]);
  };
  const [a, b, c, d] = versionIds;
  await held(a, "staging", 36, 34);
  await held(a, "production", 34, 25);
  await held(a, "archived", 25, null);
  await held(b, "staging", 27, 25);
  await held(b, "production", 25, 15);
  await held(b, "archived", 15, null);
  await held(c, "staging", 17, 15);
  await held(c, "production", 15, null);
  await held(d, "staging", 4, null);
}
