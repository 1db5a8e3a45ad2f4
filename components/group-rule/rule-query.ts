import { ROLES, type RoleId } from "@/lib/authz/permissions";
import type { RuleChoices } from "@/lib/group-rules/schema";

// What a rule's preview is asked with lives in the address: it can be sent to a colleague before the rule is made.

export type RuleDraft = {
  groupId: string;
  role?: string;
  teamId?: string;
  scope: "organization" | "workspace" | "project";
  workspaceId?: string;
  projectId?: string;
};

const TEAM = "team:";

/** What a rule gives as one choice: a role's name, or `team:<team id>`. */
export const giftOf = (draft: RuleDraft): string => draft.role ?? `${TEAM}${draft.teamId}`;

/** A place as one choice: `organization`, `<workspace id>`, or `<workspace id>/<project id>`. */
export function draftOf(search: Record<string, string | string[] | undefined>): RuleDraft | undefined {
  const text = (name: string) => (typeof search[name] === "string" ? search[name] : "");
  const [groupId, role, place] = [text("group"), text("role"), text("place")];
  if (!groupId || !role || !place) return undefined;
  if (role.startsWith(TEAM)) return { groupId, teamId: role.slice(TEAM.length), scope: "organization" };
  if (place === "organization") return { groupId, role, scope: "organization" };
  const [workspaceId = "", projectId] = place.split("/");
  return projectId ? { groupId, role, scope: "project", workspaceId, projectId } : { groupId, role, scope: "workspace", workspaceId };
}

export const placeOf = (draft: RuleDraft): string =>
  [draft.scope === "organization" ? "organization" : draft.workspaceId, draft.projectId].filter(Boolean).join("/");

/** The roles that people can hold, by where they hold, and the teams. */
export const giftChoices = ({ roles, teams }: Pick<RuleChoices, "roles" | "teams">): { value: string; label: string }[] => [
  ...RULE_ROLES,
  ...roles,
  ...teams.map(({ id, name }) => ({ value: `${TEAM}${id}`, label: `Team ${name}` })),
];

const RULE_ROLES: { value: RoleId; label: string }[] = (Object.keys(ROLES) as RoleId[])
  .filter((role) => role !== "member" && role !== "runner")
  .map((role) => ({ value: role, label: `${ROLES[role].title} (${ROLES[role].scope.join(" or ")})` }));
