import type { ReactNode } from "react";

/** A section without rows: one sentence, then the way to change that. */
export function Nothing({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="max-w-[720px] py-3">
      <p className="text-ink">{title}</p>
      {children && <div className="mt-2 flex flex-col gap-3 text-ink-3">{children}</div>}
    </div>
  );
}
