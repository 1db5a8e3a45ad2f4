import { RUN_LIST, runExtras } from "@/components/run/run-list";
import { requestPreferences } from "@/components/shell/request-preferences";
import { listConditions, readListView } from "@/components/table/list-params";
import { csvLine } from "@/lib/exports/csv";
import { downloadResponse } from "@/lib/exports/download";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { listRuns, type RunList } from "@/lib/runs/list-runs";

export const dynamic = "force-dynamic";

const CHUNK = 1000;
const MAX_RUNS = 200_000;
const HEAD = [
  "number",
  "status",
  "run",
  "id",
  "pipeline",
  "stack",
  "started by",
  "kind",
  "on behalf of",
  "origin",
  "model",
  "model version",
  "code digest",
  "tags",
  "started",
  "ended",
  "duration seconds",
];

/** The runs that a filter shows, as CSV: with the steps and the keys of metadata that are columns of the view. */
export const GET = route("run:read", async ({ context, place, url }) => {
  const { project } = place;
  if (!project) throw new AppError("not_found", "There is no such project here.");
  const view = readListView(RUN_LIST, {
    f: url.searchParams.getAll("f"),
    match: url.searchParams.get("match") ?? undefined,
    sort: url.searchParams.get("sort") ?? undefined,
    cols: url.searchParams.get("cols") ?? undefined,
  });
  const { zone } = await requestPreferences();
  const conditions = listConditions(RUN_LIST, view.filters, Date.now(), zone);
  const extras = runExtras(view);
  const asked = { projectId: project.id, conditions, matchesAny: view.matchesAny, sort: view.sort, limit: CHUNK, counts: false, ...extras };
  const chunk = (after?: string) => ask(listRuns, context, { ...asked, after });
  const first = await chunk(url.searchParams.get("after") ?? undefined);
  async function* pages() {
    yield csvLine([...HEAD, ...(extras.withSteps ? ["steps ended", "steps"] : []), ...extras.metadata]);
    let list: RunList = first;
    for (let written = 0; written < MAX_RUNS; ) {
      yield list.rows.map((run) => line(run, extras)).join("");
      written += list.rows.length;
      if (!list.next) return;
      list = await chunk(list.next);
    }
  }
  return downloadResponse(`runs-${context.workspace?.slug}-${project.name}`, "csv", pages());
});

const line = (run: RunList["rows"][number], { withSteps, metadata }: ReturnType<typeof runExtras>): string =>
  csvLine([
    run.number,
    run.status,
    run.name,
    run.id,
    run.pipeline,
    run.stack,
    run.startedBy?.name ?? null,
    run.startedBy?.kind ?? null,
    run.onBehalfOf,
    run.origin,
    run.model?.name ?? null,
    run.model?.version ?? null,
    run.codeDigest,
    run.tags,
    run.startedAt,
    run.endedAt,
    run.durationS,
    ...(withSteps ? [run.steps?.ended ?? null, run.steps?.total ?? null] : []),
    ...metadata.map((key) => run.metadata[key] ?? null),
  ]);
