import type { ReactNode } from "react";
import { Icon } from "@/components/ui/icon";

/** What went wrong, on a page where nobody is signed in yet: with the request id. */
export function Said({ requestId, children }: { requestId?: string; children: ReactNode }) {
  return (
    <div role="alert" className="rounded-1 border border-fail bg-fail-soft px-3 py-2.5 text-ink">
      <p className="flex items-start gap-2">
        <Icon name="circle-alert" className="mt-0.5 text-fail" />
        <span>{children}</span>
      </p>
      {requestId && (
        <p className="mt-1 pl-6 text-meta break-all text-ink-2">
          Request <code>{requestId}</code>
        </p>
      )}
    </div>
  );
}
