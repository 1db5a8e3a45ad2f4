import { Icon } from "@/components/ui/icon";

export type FileProblem = { message: string; fix?: string; requestId?: string };

/** Asks the server for a file's address or content; what went wrong comes back in words. */
export async function askForFile<T>(path: string): Promise<{ value: T; problem?: undefined } | { value?: undefined; problem: FileProblem }> {
  try {
    const answer = await fetch(path, { method: "POST", headers: { accept: "application/json" } });
    const body = (await answer.json()) as T & { error?: FileProblem };
    return answer.ok ? { value: body } : { problem: body.error ?? { message: "The server did not say why." } };
  } catch {
    return { problem: { message: "The server did not answer.", fix: "Try again in a moment." } };
  }
}

/** Why a file can't be had: the store, the reason, what to do. */
export function ArtifactFailure({ problem }: { problem: FileProblem }) {
  return (
    <div role="alert" className="max-w-[72ch] rounded-1 border border-rule bg-sunk px-3 py-2">
      <p className="flex items-start gap-2 font-medium text-ink">
        <Icon name="unplug" size={14} className="mt-[3px] text-ink-3" />
        {problem.message}
      </p>
      {problem.fix && <p className="pl-[22px] text-ink-2">{problem.fix}</p>}
      {problem.requestId && <p className="pl-[22px] text-meta text-ink-3">Request {problem.requestId}</p>}
    </div>
  );
}
