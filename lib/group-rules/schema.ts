import type { RoleId } from "@/lib/authz/permissions";

/** What a rule says, for pages. `state`: a dead rule's group is gone, so it gives nothing. */
export type GroupRule = {
  id: string;
  group: { id: string; name: string; members: number };
  role: RoleId;
  scope: "organization" | "workspace" | "project";
  workspace: string | null;
  project: string | null;
  people: number;
  state: "live" | "dead";
  createdBy: string | null;
  createdAt: string;
};

/** Who would gain or lose a role. `keeps`: they hold the same role there by another path, so nothing changes for them. */
export type RuleChange = { principalId: string; who: string; email: string | null; keeps: boolean };

/** What a new rule can name. */
export type RuleChoices = {
  groups: { id: string; name: string; members: number }[];
  places: { workspaceId: string; workspace: string; projects: { id: string; name: string }[] }[];
};
