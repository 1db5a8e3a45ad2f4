import type { GrantRow } from "@/lib/access/schema";
import { Badge } from "@/components/ui/badge";
import { roleTitle } from "./grant-list";

/** A grant's role; a deny says so. */
export function RoleWord({ grant }: { grant: Pick<GrantRow, "role" | "effect"> }) {
  if (grant.effect !== "deny")
    return (
      <span className="text-ink" title={roleTitle(grant.role)}>
        {roleTitle(grant.role)}
      </span>
    );
  return (
    <Badge tone="fail" icon="shield-x">
      Denied: {roleTitle(grant.role)}
    </Badge>
  );
}

/** Where a grant holds, in words. */
export const scopeWords = ({ shared, ...place }: Pick<GrantRow, "scope" | "workspace" | "project"> & Partial<Pick<GrantRow, "shared">>): string =>
  shared ? `${shared.type} ${shared.name}, ${placeWords(place)}` : placeWords(place);

const placeWords = ({ scope, workspace, project }: Pick<GrantRow, "scope" | "workspace" | "project">): string =>
  scope === "organization" ? "whole organization" : scope === "workspace" ? (workspace ?? "workspace") : `${workspace ?? ""} / ${project ?? "project"}`;
