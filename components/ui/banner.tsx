import type { ReactNode } from "react";
import type { Tone } from "./badge";
import { cx } from "./class-names";
import { Icon, type IconName } from "./icon";

const GROUNDS: Record<Tone | "ink", string> = {
  ink: "bg-ink text-on-ink [&_b]:text-on-ink",
  ok: "bg-ok-soft [&>svg]:text-ok",
  run: "bg-run-soft [&>svg]:text-run",
  wait: "bg-wait-soft [&>svg]:text-wait",
  warn: "bg-warn-soft [&>svg]:text-warn",
  fail: "bg-fail-soft [&>svg]:text-fail",
  idle: "bg-idle-soft [&>svg]:text-idle",
  proof: "bg-proof-soft [&>svg]:text-proof",
};

/** One line across the page: what is so, and at most one link; `end` is an act at its right. */
export function Banner({ tone, icon, end, children }: { tone: Tone | "ink"; icon: IconName; end?: ReactNode; children: ReactNode }) {
  return (
    <div
      role={tone === "fail" ? "alert" : "status"}
      className={cx("pad-x flex items-center gap-x-2.5 gap-y-1 border-b border-rule py-2 max-md:flex-wrap", tone !== "ink" && "text-ink", GROUNDS[tone])}
    >
      <Icon name={icon} />
      <span className="min-w-0 flex-1 max-md:basis-2/3">{children}</span>
      {end}
    </div>
  );
}
