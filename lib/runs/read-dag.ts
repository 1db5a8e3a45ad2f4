import "server-only";
import { z } from "zod";
import { anyOf } from "@/lib/kernel/any-of";
import { prepared } from "@/lib/kernel/prepared";
import { defineQuery } from "@/lib/kernel/query";
import { getRun, readStepArtifacts } from "./read-runs";

// A run as a graph: steps, the artifact versions they read and wrote, and the edges between, for the wire and for the run page.

export type DagStep = { id: string; name: string; status: string; startTime: string | null; durationS: number | null };
export type DagArtifact = { nodeId: string; id: string; name: string; type: string; dataType: string; saveType: string };
export type DagEdge = { source: string; target: string; metadata: Record<string, unknown> };

const stepsOf = prepared((db, runId: string) =>
  db
    .selectFrom("step_run")
    .select(["id", "name", "status", "start_time", "end_time"])
    .where("run_id", "=", runId)
    .where("status", "<>", "retried")
    .orderBy("created_at")
    .orderBy("id"),
);
const versionsOf = prepared((db, ids: readonly string[]) =>
  db
    .selectFrom("artifact_version as v")
    .innerJoin("artifact as a", "a.id", "v.artifact_id")
    .select(["v.id", "a.name", "v.type", "v.data_type", "v.save_type"])
    .where("v.id", "=", anyOf(ids)),
);

/** The graph of a run, retried tries left out. Error: not_found. */
export const readDag = defineQuery({
  name: "run.graph-read",
  permission: "run:read",
  input: z.strictObject({ runId: z.uuid() }),
  scope: getRun.scope,
  run: async ({ tx, input, target: { run } }) => {
    const rows = await stepsOf(tx, input.runId);
    const { inputs, outputs } = await readStepArtifacts(
      tx,
      rows.map((row) => row.id),
    );
    const versionIds = [...new Set([...inputs, ...outputs].map((link) => link.artifact_version_id))];
    const versions = versionIds.length === 0 ? [] : await versionsOf(tx, versionIds);
    const versionOf = new Map(versions.map((version) => [version.id, version]));
    const nameOf = new Map(rows.map((row) => [row.id, row.name]));
    const steps: DagStep[] = rows.map((row) => ({
      id: row.id,
      name: row.name,
      status: row.status,
      startTime: row.start_time,
      durationS: row.start_time && row.end_time ? secondsBetween(row.start_time, row.end_time) : null,
    }));
    const artifacts = new Map<string, DagArtifact>();
    const nodeOf = new Map<string, string>();
    const edges: DagEdge[] = [];
    const add = (nodeId: string, versionId: string, saveType?: string) => {
      const version = versionOf.get(versionId);
      if (!version || artifacts.has(nodeId)) return;
      const { module, attribute } = version.data_type as { module: string; attribute: string };
      artifacts.set(nodeId, {
        nodeId,
        id: versionId,
        name: version.name,
        type: version.type,
        dataType: `${module}.${attribute}`,
        saveType: saveType ?? version.save_type,
      });
      if (!nodeOf.has(versionId)) nodeOf.set(versionId, nodeId);
    };
    for (const link of outputs) {
      const saveType = versionOf.get(link.artifact_version_id)?.save_type ?? "step_output";
      const step = nameOf.get(link.step_run_id);
      const nodeId = saveType === "step_output" ? `${step}/outputs/step_output/${link.name}` : `${step}/outputs/${saveType}/${link.artifact_version_id}`;
      add(nodeId, link.artifact_version_id);
      edges.push({ source: `step/${step}`, target: nodeId, metadata: { output_name: link.name, type: saveType } });
    }
    for (const link of inputs) {
      const step = nameOf.get(link.step_run_id);
      let nodeId = nodeOf.get(link.artifact_version_id);
      if (!nodeId) {
        nodeId = `${step}/inputs/${link.type}/${link.artifact_version_id}`;
        add(nodeId, link.artifact_version_id);
      }
      edges.push({
        source: nodeId,
        target: `step/${step}`,
        metadata: { input_name: link.name, type: link.type, index: link.position, chunk_index: null, chunk_size: null },
      });
    }
    return { run, steps, artifacts: [...artifacts.values()], edges };
  },
});

/** Seconds between two ISO times, exact to the microsecond. */
export function secondsBetween(from: string, to: string): number {
  const micros = (text: string) => BigInt(Date.parse(`${text.slice(0, 19)}Z`)) * 1000n + BigInt(text.slice(20, 26).padEnd(6, "0"));
  return Number(micros(to) - micros(from)) / 1e6;
}
