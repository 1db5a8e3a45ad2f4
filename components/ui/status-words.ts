// One word, one icon, one hue for every state, whoever shows it. The raw state of the wire goes in, the word comes out.
import type { Tone } from "./badge";
import type { IconName } from "./icon";

export type StatusWord = { word: string; icon: IconName; tone: Tone; turning?: boolean };

const SUCCEEDED: StatusWord = { word: "Succeeded", icon: "circle-check", tone: "ok" };
const QUEUED: StatusWord = { word: "Queued", icon: "circle-dashed", tone: "idle" };
const RUNNING: StatusWord = { word: "Running", icon: "loader-circle", tone: "run", turning: true };
const STOPPING: StatusWord = { word: "Stopping", icon: "circle-stop", tone: "run" };

const WORDS: Record<string, StatusWord> = {
  completed: SUCCEEDED,
  retried: { word: "Retried", icon: "rotate-cw", tone: "idle" },
  done: { word: "Done", icon: "circle-check", tone: "ok" },
  partly: { word: "Done in part", icon: "circle-alert", tone: "warn" },
  unchanged: { word: "Unchanged", icon: "skip-forward", tone: "idle" },
  cached: { word: "Cached", icon: "copy-check", tone: "idle" },
  skipped: { word: "Skipped", icon: "skip-forward", tone: "idle" },
  received: { word: "Received", icon: "circle-dashed", tone: "idle" },
  queued: QUEUED,
  initializing: QUEUED,
  provisioning: QUEUED,
  dispatching: { word: "Dispatching", icon: "loader-circle", tone: "run", turning: true },
  submitted: { word: "Dispatching", icon: "loader-circle", tone: "run", turning: true },
  running: RUNNING,
  resuming: RUNNING,
  retrying: { word: "Retrying", icon: "rotate-cw", tone: "run" },
  cancelling: STOPPING,
  stopping: STOPPING,
  pending_approval: { word: "Awaiting approval", icon: "stamp", tone: "wait" },
  waiting: { word: "Waiting for input", icon: "hand", tone: "wait" },
  paused: { word: "Paused", icon: "circle-pause", tone: "wait" },
  failed: { word: "Failed", icon: "octagon-x", tone: "fail" },
  cancelled: { word: "Cancelled", icon: "ban", tone: "idle" },
  stopped: { word: "Stopped", icon: "ban", tone: "idle" },
  lost: { word: "Lost", icon: "unplug", tone: "warn" },
  denied: { word: "Denied", icon: "shield-x", tone: "fail" },
  allowed: { word: "Allowed", icon: "circle-check", tone: "ok" },
  voided: { word: "Voided", icon: "file-diff", tone: "warn" },
  expired: { word: "Expired", icon: "timer-off", tone: "idle" },
  serving: { word: "Serving", icon: "radio-tower", tone: "proof" },
  ended: { word: "Ended", icon: "radio-tower", tone: "idle" },
  active: { word: "Active", icon: "circle-check", tone: "ok" },
  deactivated: { word: "Deactivated", icon: "ban", tone: "idle" },
  open_request: { word: "Waiting", icon: "stamp", tone: "wait" },
  approved: { word: "Approved", icon: "circle-check", tone: "ok" },
  declined: { word: "Declined", icon: "shield-x", tone: "fail" },
  used: { word: "Used", icon: "eye", tone: "idle" },
  granted: { word: "Granted", icon: "circle-check", tone: "ok" },
  refused: { word: "Refused", icon: "shield-x", tone: "fail" },
  withdrawn: { word: "Withdrawn", icon: "ban", tone: "idle" },
  overdue: { word: "Overdue", icon: "timer", tone: "warn" },
  signed: { word: "Signed off", icon: "badge-check", tone: "proof" },
  kept: { word: "Kept", icon: "circle-check", tone: "ok" },
  ended_meanwhile: { word: "Ended meanwhile", icon: "timer-off", tone: "idle" },
  accepted: { word: "Accepted", icon: "circle-check", tone: "ok" },
  suspended: { word: "Suspended", icon: "circle-pause", tone: "idle" },
  locked: { word: "Locked", icon: "lock", tone: "warn" },
  revoked: { word: "Revoked", icon: "unlink", tone: "fail" },
  open: { word: "Not finished", icon: "circle-dashed", tone: "idle" },
  signed_in: { word: "Signed in", icon: "log-in", tone: "ok" },
  tested: { word: "Test passed", icon: "flask-conical", tone: "ok" },
  linked: { word: "Linked", icon: "link", tone: "ok" },
  expiring: { word: "Expiring", icon: "timer", tone: "warn" },
};

/** The word, icon and hue of a state. An unknown state keeps its own word, without a hue. */
export function statusWord(state: string): StatusWord {
  return WORDS[state] ?? { word: state.charAt(0).toUpperCase() + state.slice(1).replaceAll("_", " "), icon: "circle-dashed", tone: "idle" };
}
