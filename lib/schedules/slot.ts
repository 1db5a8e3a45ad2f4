import { Cron } from "croner";

// When a schedule means its pipeline to run. Cron expressions are read in UTC, as orchestrators do unless they are told otherwise.

export type Plan = {
  cronExpression: string | null;
  /** Seconds between two slots, from `startTime` on. */
  intervalS: number | null;
  startTime: string | null;
  runOnceStartTime: string | null;
};

/** The slot that a run started in: the last one at or before `at` (ISO). Null when the plan names none. */
export function slotBefore(plan: Plan, at: string): string | null {
  const moment = Date.parse(at);
  const isoOf = (ms: number) => new Date(ms).toISOString();
  if (plan.runOnceStartTime) return Date.parse(plan.runOnceStartTime) <= moment ? isoOf(Date.parse(plan.runOnceStartTime)) : null;
  if (plan.cronExpression) {
    const begin = plan.startTime ? Date.parse(plan.startTime) : Number.NEGATIVE_INFINITY;
    const [slot] = cronOf(plan.cronExpression)?.previousRuns(1, new Date(moment + 1)) ?? [];
    return slot && slot.getTime() >= begin ? slot.toISOString() : null;
  }
  if (!plan.intervalS || !plan.startTime) return null;
  const first = Date.parse(plan.startTime);
  if (moment < first) return null;
  const step = plan.intervalS * 1000;
  return isoOf(first + Math.floor((moment - first) / step) * step);
}

/** True for an expression that names times. */
export const isCron = (expression: string): boolean => cronOf(expression) !== null;

function cronOf(expression: string): Cron | null {
  try {
    return new Cron(expression, { timezone: "UTC", paused: true });
  } catch {
    return null;
  }
}

/** A plan in words: "cron 0 2 * * *, UTC", "every 3,600 s". */
export function planWords(plan: Plan): string {
  if (plan.cronExpression) return `cron ${plan.cronExpression}, UTC`;
  if (plan.intervalS) return `every ${plan.intervalS.toLocaleString("en")} s`;
  return plan.runOnceStartTime ? "once" : "no times";
}
