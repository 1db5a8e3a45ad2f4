import type { ReactNode } from "react";
import { CopyButton } from "./copy-button";
import { Icon, type IconName } from "./icon";

/** Nothing is here yet: one sentence, then the exact way to change that. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="pad-x max-w-[720px] py-8">
      <p className="text-section text-ink">{title}</p>
      {children && <div className="mt-3 flex flex-col gap-3">{children}</div>}
    </div>
  );
}

/** Something went wrong: what happened, what to do, the request id, and a way on. */
export function ErrorState({
  title,
  fix,
  requestId,
  icon = "circle-alert",
  children,
}: {
  title: string;
  fix: string;
  requestId?: string;
  icon?: IconName;
  children?: ReactNode;
}) {
  return (
    <div role="alert" className="pad-x max-w-[720px] py-8">
      <p className="flex items-start gap-2 text-section text-ink">
        <Icon name={icon} className="mt-0.5 text-fail" />
        {title}
      </p>
      <p className="mt-1 max-w-[72ch] pl-6">{fix}</p>
      {requestId && (
        <p className="mt-2 flex items-center gap-1.5 pl-6 text-meta text-ink-3">
          Request <code className="text-ink-2">{requestId}</code>
          <CopyButton text={requestId} label="Copy request id" />
        </p>
      )}
      {children && <div className="mt-3 flex gap-2 pl-6">{children}</div>}
    </div>
  );
}

/** A page that says one thing in a 480 px column: 403, 404, 500. */
export function MessagePage({ icon, title, children }: { icon: IconName; title: string; children: ReactNode }) {
  return (
    <main id="main" className="pad-x mx-auto flex w-full max-w-[528px] flex-col gap-3 pt-[18vh] pb-16">
      <h1 className="flex items-center gap-2.5 text-title">
        <Icon name={icon} size={20} className="text-ink-3" />
        {title}
      </h1>
      {children}
    </main>
  );
}
