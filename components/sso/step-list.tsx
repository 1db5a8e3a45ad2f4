import Link from "next/link";
import type { ReactNode } from "react";
import { cx } from "@/components/ui/class-names";
import { Icon } from "@/components/ui/icon";
import { type StepFacts, type StepId, ssoPath } from "./steps";

/** The steps at the left; links once there is a connection; on a phone a row of numbers in which only the current step has its words. */
export function StepList({ steps, current, slug }: { steps: StepFacts[]; current: StepId; slug?: string }) {
  return (
    <nav aria-label="Steps" className="shrink-0 border-rule max-md:border-b max-md:px-4 max-md:py-2 md:w-[232px] md:border-r md:py-3.5 md:pr-3 md:pl-6">
      <ol className="flex gap-0.5 md:flex-col">
        {steps.map((step, at) => {
          const isCurrent = step.id === current;
          const href = slug && ssoPath(slug, step.id);
          const body = (
            <>
              <span
                className={cx(
                  "grid size-5 shrink-0 place-items-center rounded-full border text-label font-semibold",
                  isCurrent ? "border-ink bg-ink text-on-ink" : step.isDone ? "border-ok bg-paper text-ok" : "border-control bg-paper text-ink-2",
                )}
              >
                {step.isDone && !isCurrent ? <Icon name="check" size={12} /> : at + 1}
              </span>
              <span className={cx("min-w-0", !isCurrent && "max-md:sr-only")}>
                <b className="block font-medium text-ink md:leading-[18px]">{step.title}</b>
                <small className="block truncate text-meta text-ink-3 max-md:sr-only">{step.note}</small>
              </span>
              {step.isDone && <span className="sr-only">done</span>}
            </>
          );
          const look = cx("flex min-h-10 items-start gap-2.5 rounded-1 px-2 py-[7px] max-md:items-center", isCurrent && "bg-select");
          return (
            <li key={step.id} className={cx("min-w-0", isCurrent && "max-md:flex-1")}>
              {href ? (
                <Link href={href} aria-current={isCurrent ? "step" : undefined} className={cx(look, !isCurrent && "hover:bg-hover")}>
                  {body}
                </Link>
              ) : (
                <span aria-current={isCurrent ? "step" : undefined} className={look}>
                  {body}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** What stays at the foot of a step: back, and on. */
export function StepBar({ children }: { children: ReactNode }) {
  return <div className="sticky bottom-0 z-10 mt-auto flex items-center gap-2 border-t border-rule-strong bg-paper px-6 py-3 max-md:px-4">{children}</div>;
}
