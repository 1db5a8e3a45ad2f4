import { statusWord } from "@/components/ui/status-words";
import { counted, durationWords } from "@/components/ui/time-words";
import { NOT_STARTED, type GraphStep } from "@/lib/runs/graph-schema";
import type { ViewNode } from "./view";

// What nodes are called, to see and to hear.

const ENDED_BADLY = new Set(["failed"]);

/** The word of a step's state; what has not begun says so. */
export const stateWord = (status: string): string => (status === NOT_STARTED ? "Not started" : statusWord(status).word);

/** One state for many steps: what needs attention wins. */
export function stateOfAll(steps: readonly GraphStep[]): string {
  const states = new Set(steps.map((step) => step.status));
  for (const state of ["failed", "running", "retrying", "queued", "provisioning", "initializing", "paused", "stopping", "stopped", "cancelled"])
    if (states.has(state)) return state;
  if (states.has(NOT_STARTED)) return states.size === 1 ? NOT_STARTED : "queued";
  return states.has("completed") || states.size > 1 ? "completed" : (steps[0]?.status ?? NOT_STARTED);
}

/** Seconds that the latest try took; null while it goes on or before it begins. */
export function secondsOf(step: GraphStep): number | null {
  const latest = step.tries.at(-1);
  return latest?.startedAt && latest.endedAt ? (Date.parse(latest.endedAt) - Date.parse(latest.startedAt)) / 1000 : null;
}

/** What stands at the right of a step: its duration, "cached", or nothing. */
export function stepNote(step: GraphStep): string {
  if (step.isCached) return "cached";
  const seconds = secondsOf(step);
  return seconds === null ? "" : durationWords(seconds);
}

/** "24 minutes", as one says it. */
export function spokenDuration(seconds: number): string {
  if (seconds < 60) return counted(Math.max(1, Math.round(seconds)), "second");
  if (seconds < 3600) return counted(Math.round(seconds / 60), "minute");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.round((seconds % 3600) / 60);
  return minutes > 0 ? `${counted(hours, "hour")} ${counted(minutes, "minute")}` : counted(hours, "hour");
}

/** "train_model, succeeded, 24 minutes". */
export function spokenName(node: ViewNode): string {
  const { step, artifact, members } = node;
  if (members) {
    const failed = members.filter((member) => ENDED_BADLY.has(member.status)).length;
    const parts = [node.label, `${node.kind} of ${counted(members.length, "step")}`, stateWord(stateOfAll(members)).toLowerCase()];
    if (failed > 0) parts.push(`${failed} failed`);
    return [...parts, "closed"].join(", ");
  }
  if (step) {
    const seconds = secondsOf(step);
    const parts = [step.name, stateWord(step.status).toLowerCase()];
    if (seconds !== null && !step.isCached) parts.push(spokenDuration(seconds));
    if (step.tries.length > 1) parts.push(counted(step.tries.length, "try", "tries"));
    return parts.join(", ");
  }
  const kind = node.kind === "model" ? "model" : node.kind === "dataset" ? "input" : "artifact";
  return [node.label, kind, artifact?.version ? `version ${artifact.version}` : "not written"].join(", ");
}
