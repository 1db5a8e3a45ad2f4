import { decodeSegment } from "@/lib/kernel/decode-segment";

// A saved view as pages see it: plain data.

export type SavedView = {
  id: string;
  /** The list's address below its place: "runs", "audit", "settings/service-accounts". */
  list: string;
  workspace: string | null;
  project: string | null;
  name: string;
  /** The search string, with "?" or empty. */
  query: string;
  isShared: boolean;
  isMine: boolean;
  /** True for its maker, and for who may share here. */
  mayChange: boolean;
  /** Sent back with a change, so that nobody overwrites what somebody else just changed. */
  updatedAt: string;
};

/** Where a list's path lies: "/fraud/projects/default/runs" → fraud, default, "runs". Only a known workspace is one. */
export function listPlace(path: string, workspaces: readonly string[]): { list: string; workspace: string | null; project: string | null } {
  const [first = "", ...rest] = path
    .split("/")
    .filter(Boolean)
    .map((part) => decodeSegment(part) ?? "");
  if (!workspaces.includes(first)) return { list: [first, ...rest].join("/") || "home", workspace: null, project: null };
  if (rest[0] === "projects" && rest.length > 2) return { list: rest.slice(2).join("/"), workspace: first, project: rest[1] ?? null };
  return { list: rest.join("/") || "home", workspace: first, project: null };
}
