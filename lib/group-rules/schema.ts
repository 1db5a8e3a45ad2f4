/** What a rule says, for pages: it gives a role at a place, or membership of a team. `state`: a dead rule's group is gone, so it gives nothing. */
export type GroupRule = {
  id: string;
  group: { id: string; name: string; members: number };
  role: string | null;
  team: { id: string; name: string } | null;
  scope: "organization" | "workspace" | "project";
  workspace: string | null;
  project: string | null;
  people: number;
  /** Of how many people a deny grant takes away what it gives. */
  denied: number;
  /** Other rules that give some of its people another role at the same place. */
  overlaps: { group: string; role: string; people: number }[];
  state: "live" | "dead";
  createdBy: string | null;
  createdAt: string;
};

/** Who would gain or lose a role or a team. `keeps`: they hold the same by another path, so nothing changes for them. */
export type RuleChange = { principalId: string; who: string; email: string | null; keeps: boolean };

/** What a new rule can name. */
export type RuleChoices = {
  groups: { id: string; name: string; members: number }[];
  teams: { id: string; name: string }[];
  /** The organization's own. */
  roles: { value: string; label: string }[];
  places: { workspaceId: string; workspace: string; projects: { id: string; name: string }[] }[];
};

/** A rule of the set-up file that waits for the directory to send its group. */
export type WaitingRule = {
  id: string;
  group: string;
  role: string | null;
  team: string | null;
  scope: "organization" | "workspace" | "project";
  workspace: string | null;
  project: string | null;
  since: string;
};
