import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { groupSteps } from "./build-graph";
import { FOLDS_FROM_STEPS, NOT_STARTED, type OutlineArtifact, type OutlineGroup, type OutlineStep, type RunOutline, STEPS_PER_PAGE } from "./outline-schema";
import { findRunScope, noSuchRun } from "./run-scope";

// The steps of a run as an outline: failed ones first, then in the order of the snapshot and as they began. Names, states and times of all
// steps are read (they are small, and the figures need them); what a step took and gave only for the rows of a short page.

const MAX_STEPS = 20_000;
/** Pages of more rows than this show steps only. */
const ROWS_WITH_ARTIFACTS = 30;

/** A page of a run's steps, by state and text. Error: not_found. */
export const getRunOutline = defineQuery({
  name: "run.outline",
  permission: "run:read",
  input: z.strictObject({
    projectId: z.uuid(),
    runId: z.uuid(),
    /** States of the latest try, as the client calls them; null for all. */
    states: z.array(z.string().max(40)).max(20).nullable().default(null),
    text: z.string().max(255).default(""),
    /** The group that is unfolded. */
    group: z.string().max(300).nullable().default(null),
    from: z.number().int().min(0).default(0),
  }),
  scope: findRunScope,
  run: async ({ tx, input }): Promise<RunOutline> => {
    const run = await tx.selectFrom("run").select(["start_time", "end_time"]).where("id", "=", input.runId).executeTakeFirst();
    if (!run) throw noSuchRun();
    const steps = await findSteps(tx, input.runId);
    const counts: Record<string, number> = {};
    for (const { status } of steps) counts[status] = (counts[status] ?? 0) + 1;
    const text = input.text.toLowerCase();
    const found = steps.filter((step) => (!input.states || input.states.includes(step.status)) && step.name.toLowerCase().includes(text));
    const isNarrowed = input.states !== null || text !== "";
    const rows = isNarrowed || steps.length <= FOLDS_FROM_STEPS ? found.map((step) => asRow(step)) : folded(found, input.group);
    const from = input.from < rows.length ? input.from : 0;
    const shown = rows.slice(from, from + STEPS_PER_PAGE);
    const links = shown.length <= ROWS_WITH_ARTIFACTS ? await findLinks(tx, shown) : null;
    return {
      rows: shown.map((row) => {
        if (row.kind === "group") return row;
        const { id, ...step } = row;
        return { ...step, inputs: links && (links.get(`${id} in`) ?? []), outputs: links && (links.get(`${id} out`) ?? []) };
      }),
      total: rows.length,
      from,
      counts,
      startedAt: run.start_time,
      endedAt: run.end_time,
      isCut: steps.length === MAX_STEPS,
    };
  },
});

type Row = ({ kind: "step"; isInGroup: boolean } & StepRow) | ({ kind: "group" } & OutlineGroup);

const asRow = (step: StepRow, isInGroup = false): Row => ({ kind: "step", isInGroup, ...step });

/** Steps of one template as one row where the first of them stands (so a group with a failed step comes first), followed by them when it is open. */
function folded(steps: readonly StepRow[], open: string | null): Row[] {
  const { groups, groupOf } = groupSteps(new Map(steps.map(({ name }) => [name, undefined])));
  const nameOf = new Map(groups.map(({ key, name }) => [key, name]));
  const members = new Map<string, StepRow[]>();
  for (const step of steps) {
    const key = groupOf.get(step.name);
    if (key) append(members, key, step);
  }
  const rows: Row[] = [];
  for (const step of steps) {
    const key = groupOf.get(step.name);
    const own = key && members.get(key);
    if (!own) rows.push(asRow(step));
    else if (own[0] === step) {
      rows.push({ kind: "group", key, name: nameOf.get(key) ?? key, isOpen: key === open, ...figuresOf(own) });
      if (key === open) rows.push(...own.map((member) => asRow(member, true)));
    }
  }
  return rows;
}

function figuresOf(steps: readonly StepRow[]): Pick<OutlineGroup, "counts" | "total" | "startedAt" | "endedAt"> {
  const counts: Record<string, number> = {};
  for (const { status } of steps) counts[status] = (counts[status] ?? 0) + 1;
  const starts = steps.flatMap(({ startedAt }) => startedAt ?? []).sort();
  const ends = steps.flatMap(({ endedAt }) => endedAt ?? []).sort();
  return { counts, total: steps.length, startedAt: starts[0] ?? null, endedAt: ends.length === steps.length ? (ends.at(-1) ?? null) : null };
}

type StepRow = Omit<OutlineStep, "inputs" | "outputs"> & { id: string | null };

async function findSteps(tx: Tx, runId: string): Promise<StepRow[]> {
  const { rows } = await sql<StepRow>`
    select s.id, coalesce(p.name, s.name) as name, coalesce(s.status, ${NOT_STARTED}) as status, coalesce(s.version, 0) as version,
      s.start_time as "startedAt", s.end_time as "endedAt", coalesce(p.upstream, '{}') as upstream
    from (select distinct on (name) id, name, status, version, start_time, end_time, created_at from step_run where run_id = ${runId} order by name, version desc) s
      full join (select p.name, p.upstream, p.position, r.in_progress from run r join snapshot_step p on p.snapshot_id = r.snapshot_id where r.id = ${runId}) p on p.name = s.name
    where s.id is not null or p.in_progress
    order by coalesce(s.status, '') <> 'failed', p.position nulls last, s.created_at, s.id limit ${MAX_STEPS}`.execute(tx);
  return rows;
}

async function findLinks(tx: Tx, rows: readonly Row[]): Promise<Map<string, OutlineArtifact[]>> {
  const ids = rows.flatMap((row) => (row.kind === "step" && row.id) || []);
  const byStep = new Map<string, OutlineArtifact[]>();
  if (ids.length === 0) return byStep;
  const { rows: links } = await sql<OutlineArtifact & { key: string }>`
    select l.key, l.name, a.name as artifact, v.version, v.id as "artifactVersionId", v.type, v.content_hash as "contentHash"
    from (
      select step_run_id || ' in' as key, name, artifact_version_id, position from step_run_input where step_run_id = any(${ids})
      union all
      select step_run_id || ' out', name, artifact_version_id, position from step_run_output where step_run_id = any(${ids})
    ) l
      join artifact_version v on v.id = l.artifact_version_id
      join artifact a on a.id = v.artifact_id
    order by l.position, l.name`.execute(tx);
  for (const { key, ...link } of links) append(byStep, key, link);
  return byStep;
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
