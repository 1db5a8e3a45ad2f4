"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";

const REFRESH_AT_MOST_MS = 1_500;
const POLL_MS = 10_000;

type Props = { workspace: string; since: string } & (
  | { project: string; runId?: string; connector?: never }
  | { connector: string; project?: never; runId?: never }
);

/**
 * Asks the server for this page again when something in the project changed, or the connector issued something, and says whether changes arrive by themselves. Falls back
 * to a poll while the stream is lost; hidden pages wait. `since` is the time before the page was read: what changed between then and
 * the stream's beginning is told first.
 */
export function Live({ workspace, project, runId, connector, since }: Props) {
  const router = useRouter();
  const [state, setState] = useState<"connecting" | "live" | "lost">("connecting");
  const readAt = useRef(since);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  useEffect(() => {
    let isGone = false;
    let last = 0;
    const refresh = () => {
      if (isGone || timer.current) return;
      const wait = Math.max(0, last + REFRESH_AT_MOST_MS - Date.now());
      timer.current = setTimeout(() => {
        timer.current = null;
        if (document.hidden) return;
        last = Date.now();
        router.refresh();
      }, wait);
    };
    const query = new URLSearchParams({
      workspace,
      since: readAt.current,
      ...(project && { project }),
      ...(runId && { run: runId }),
      ...(connector && { connector }),
    });
    const source = new EventSource(`/api/live?${query}`);
    source.addEventListener("listening", () => setState("live"));
    source.onerror = () => setState("lost");
    source.addEventListener("change", (event) => {
      const changed = (JSON.parse((event as MessageEvent<string>).data) as { runId: string | null }).runId;
      if (!runId || !changed || changed === runId) refresh();
    });
    const poll = setInterval(() => source.readyState !== EventSource.OPEN && refresh(), POLL_MS);
    const onShow = () => !document.hidden && refresh();
    document.addEventListener("visibilitychange", onShow);
    return () => {
      isGone = true;
      source.close();
      clearInterval(poll);
      if (timer.current) clearTimeout(timer.current);
      timer.current = null;
      document.removeEventListener("visibilitychange", onShow);
    };
  }, [router, workspace, project, runId, connector]);

  return (
    <span role="status" className="inline-flex items-center gap-1.5 text-meta text-ink-2 print-hidden">
      {state === "live" && <span aria-hidden="true" className="size-[7px] rounded-full bg-ok" />}
      {state === "lost" && <span aria-hidden="true" className="size-[7px] rounded-full border border-warn" />}
      {state === "live" ? "Live" : state === "lost" ? "Live paused, retrying" : ""}
    </span>
  );
}
