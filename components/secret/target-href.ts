import type { BindingRow } from "@/lib/secrets/ledger-schema";

/** The page of what a secret is bound to; `base` is the workspace's path. Null where the reader can't see its project. */
export function targetHref(base: string, { kind, targetId, project, name }: BindingRow): string | null {
  if (kind === "stack" || kind === "component") return `${base}/${kind}s/${targetId}`;
  return project ? `${base}/projects/${encodeURIComponent(project)}/pipelines/${encodeURIComponent(name)}` : null;
}
