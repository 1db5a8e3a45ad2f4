import type { ReactNode } from "react";
import { cx } from "./class-names";
import { Icon, type IconName } from "./icon";

export type Tone = "ok" | "run" | "wait" | "warn" | "fail" | "idle" | "proof";

const TONES: Record<Tone, string> = {
  ok: "bg-ok-soft text-ok",
  run: "bg-run-soft text-run",
  wait: "bg-wait-soft text-wait",
  warn: "bg-warn-soft text-warn",
  fail: "bg-fail-soft text-fail",
  idle: "bg-idle-soft text-ink-2",
  proof: "bg-proof-soft text-proof",
};

/** A word on its status' soft ground, always with the icon of that status. */
export function Badge({ tone = "idle", icon, turning, children }: { tone?: Tone; icon?: IconName; turning?: boolean; children: ReactNode }) {
  return (
    <span className={cx("inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-1 px-1.5 align-middle text-meta font-medium", TONES[tone])}>
      {icon && <Icon name={icon} size={13} className={turning ? "animate-turn" : undefined} />}
      {children}
    </span>
  );
}
