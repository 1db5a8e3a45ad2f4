import Link from "next/link";
import type { ReactNode } from "react";
import { listPath, projectPath } from "@/components/project/paths";
import { Badge } from "@/components/ui/badge";
import { cx } from "@/components/ui/class-names";
import { Icon } from "@/components/ui/icon";
import { counted, countWords } from "@/components/ui/time-words";
import type { WorkspaceCell as Cell } from "@/lib/workspaces/schema";
import { Strokes } from "./strokes";

/** A workspace as a ruled cell: name, purpose, last runs, and figures that lead to their rows. */
export function WorkspaceCell({ cell, position }: { cell: Cell; position: number }) {
  const runs = listPath(projectPath(cell.slug, cell.project), "runs");
  const isActive = cell.state === "active";
  return (
    <li className="relative min-w-0 border-r border-b border-rule px-3.5 pt-3 pb-2.5 hover:bg-hover">
      <div className="flex items-center gap-1.5">
        <h3 className="min-w-0 truncate text-section">
          <Link
            href={`/${cell.slug}`}
            data-workspace={position}
            className="after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-offset-[-2px] focus-visible:after:outline-focus"
          >
            {cell.slug}
          </Link>
        </h3>
        {!isActive && (
          <Badge tone="idle" icon="circle-pause">
            Suspended
          </Badge>
        )}
      </div>
      <p className="mt-px mb-2 h-5 truncate text-meta leading-5 text-ink-3">{cell.description || (cell.displayName === cell.slug ? "" : cell.displayName)}</p>
      {cell.canReadRuns ? <Strokes strokes={cell.strokes} isDim={!isActive} /> : <p className="h-6 text-meta text-ink-3">Your role here does not read runs.</p>}
      <p className="relative mt-1.5 flex h-5 w-fit items-center gap-3 text-meta">
        {cell.canReadRuns && (
          <>
            <Figure href={runs} className="text-ink-2">
              {counted(cell.runs, "run")}
            </Figure>
            {cell.running > 0 && (
              <Figure href={`${runs}?f=status~is~running,queued`} className="text-run" icon="loader-circle">
                {countWords(cell.running)} running
              </Figure>
            )}
            {cell.failed7d > 0 && (
              <Figure href={`${runs}?f=status~is~failed&f=started~last~7d`} className="text-fail" icon="octagon-x">
                {countWords(cell.failed7d)} failed this week
              </Figure>
            )}
          </>
        )}
      </p>
    </li>
  );
}

function Figure({ href, icon, className, children }: { href: string; icon?: "loader-circle" | "octagon-x"; className: string; children: ReactNode }) {
  return (
    <Link href={href} className={cx("inline-flex min-h-6 items-center gap-1 rounded-1 hover:underline hover:underline-offset-3", className)}>
      {icon && <Icon name={icon} size={13} className={icon === "loader-circle" ? "animate-turn" : undefined} />}
      {children}
    </Link>
  );
}
