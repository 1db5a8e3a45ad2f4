import { type LogView, readRange } from "@/components/log/log-view";
import { LogViewer } from "@/components/run/tab-code";
import { PAGE_ROWS } from "@/components/log/page-rows";
import { ErrorState } from "@/components/ui/states";
import { toAppError } from "@/lib/kernel/errors";
import { logError } from "@/lib/kernel/log";
import { ask } from "@/lib/kernel/query";
import { listRunLogs } from "@/lib/logs/log-records";
import { readLog } from "@/lib/logs/read-log";
import type { RunPlace } from "./run-place";

const LEVELS = new Set([20, 30, 40]);
/** What else of the page stays open while one reads. */
const KEPT = ["tab", "step", "pane", "artifact"] as const;

type Place = Pick<RunPlace, "context" | "projectId" | "projectName" | "runId" | "searchParams">;
type Props = { place: Place /** The logs of one try of a step only. */; stepRunId?: string };

/** The logs of a run, or of a step: what can't be read says why in its place, and the choice of another log stays. */
export async function RunLogs({ place, stepRunId }: Props) {
  const { context, projectId, projectName, runId, searchParams } = place;
  const choices = await ask(listRunLogs, context, { projectId, runId, stepRunId });
  const chosen = choices.find(({ id }) => id === searchParams.log) ?? choices.find(({ step, source }) => step !== null && source === "step") ?? choices[0];
  const text = (name: string) => (typeof searchParams[name] === "string" ? searchParams[name] : "");
  const level = Number(text("level"));
  const from = Number(text("from"));
  const range = readRange(text("line"));
  const view: LogView = {
    log: chosen?.id ?? "",
    from: Number.isSafeInteger(from) && from > 0 ? from : 1,
    range,
    level: LEVELS.has(level) ? level : 0,
    search: text("search").slice(0, 500),
  };
  const { page, failure } = chosen ? await read(place, view) : {};
  return (
    <LogViewer
      api={`/api/logs/${context.workspace.slug}/${encodeURIComponent(projectName)}`}
      choices={choices}
      view={view}
      page={page ?? null}
      isGrowing={chosen?.isGrowing ?? false}
      kept={Object.fromEntries(KEPT.flatMap((name) => (text(name) ? [[name, text(name)]] : [])))}
      hasChoice={choices.length > 1}
    >
      {failure && <ErrorState title={failure.message} fix={failure.fix ?? "Choose another log."} requestId={context.request.requestId} />}
    </LogViewer>
  );
}

async function read({ context }: Place, view: LogView) {
  try {
    const filter = { minLevel: view.level || null, search: view.search || null };
    const first = view.range ? Math.floor((view.range.first - 1) / PAGE_ROWS) * PAGE_ROWS + 1 : view.from;
    const page = await readLog(context, view.log, { first, limit: PAGE_ROWS, filter });
    const lines = page.lines.map(({ number, message, level, timestamp }) => ({ number, message, level, timestamp }));
    return { page: { ...page, lines } };
  } catch (error) {
    const failure = toAppError(error);
    if (failure.code === "internal") logError(context.request, failure);
    return { failure };
  }
}
