import { type LogView, LogViewer } from "@/components/run/log-viewer";
import { ErrorState } from "@/components/ui/states";
import type { CallContext, Workspace } from "@/lib/kernel/command";
import { toAppError } from "@/lib/kernel/errors";
import { logError } from "@/lib/kernel/log";
import type { SearchParams } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listRunLogs } from "@/lib/logs/log-records";
import { readLog } from "@/lib/logs/read-log";

const LINES = 500;
const LEVELS = new Set([20, 30, 40]);

type Props = { context: CallContext & { workspace: Workspace }; projectId: string; runId: string; searchParams: SearchParams };

/** The logs tab: what can't be read says why in its place, and the choice of another log stays. */
export async function RunLogs({ context, projectId, runId, searchParams }: Props) {
  const choices = await ask(listRunLogs, context, { projectId, runId });
  const chosen = choices.find(({ id }) => id === searchParams.log) ?? choices.find(({ step, source }) => step !== null && source === "step") ?? choices[0];
  const from = Number(searchParams.from);
  const level = Number(searchParams.level);
  const view: LogView = {
    log: chosen?.id ?? "",
    from: Number.isSafeInteger(from) && from > 0 ? from : 1,
    level: LEVELS.has(level) ? level : 0,
    search: typeof searchParams.search === "string" ? searchParams.search.slice(0, 500) : "",
  };
  const { page, failure } = chosen ? await read(context, view) : {};
  return (
    <LogViewer choices={choices} view={view} page={page ?? null}>
      {failure && <ErrorState title={failure.message} fix={failure.fix ?? "Choose another log."} requestId={context.request.requestId} />}
    </LogViewer>
  );
}

async function read(context: Props["context"], view: LogView) {
  try {
    const filter = { minLevel: view.level || null, search: view.search || null };
    return { page: await readLog(context, view.log, { first: view.from, limit: LINES, filter }) };
  } catch (error) {
    const failure = toAppError(error);
    if (failure.code === "internal") logError(context.request, failure);
    return { failure };
  }
}
