/* docs/permissions.md, written from the permission table by npm run generate. */
import { RESOURCES, ROLE_IDS, ROLES, rightsOf, WORKLOAD_RIGHTS, type Permission, type Rights } from "@/lib/authz/permissions";

const INTRODUCTION = `<!-- Generated from lib/authz/permissions.ts by \`npm run generate\`. Don't edit it. -->

# Who may do what

Everything is denied that no role allows. A grant gives one account one role, on the organization, a workspace or a project, and flows down: organization →
its workspaces → their projects. Grants add up; a **deny** grant wins over all of them. A grant holds from the request after it was given and ends with the
request after it was ended.

In the table, **yes** is on everything in the grant's scope, **own** only on what the account created itself, and – is not at all. What an account can't read
doesn't exist for it: it gets "not found" (404). What it can read and not change is "forbidden" (403), and the answer names the permission.

Some nouns are there before their pages are: the table is complete, so that roles don't change their meaning when a feature comes.
`;

const WORKLOAD = `
## The token of a run

Each run gets a credential for itself, so that its steps can report from wherever they are executed. It may at most do the following, only on its own run and in its
own project, and never more than the account that started the run. It ends an hour after the run, with the key and the account that started it, or after seven days.
`;

/** The whole document. */
export function permissionsDocument(): string {
  const lines = [INTRODUCTION, "## Roles\n", "| Role | Name in files | Granted on | In short |", "|---|---|---|---|"];
  for (const id of ROLE_IDS) lines.push(`| ${ROLES[id].title} | \`${id}\` | ${ROLES[id].scope.join(", ")} | ${ROLES[id].summary} |`);
  lines.push("\nEvery person is a Member without a grant. A set-up file can't grant it.\n", "## Permissions\n");
  lines.push(`| Permission | ${ROLE_IDS.map((id) => ROLES[id].title).join(" | ")} |`, `|---|${ROLE_IDS.map(() => "---").join("|")}|`);
  for (const [noun, { title, actions }] of Object.entries(RESOURCES)) {
    lines.push(`| **${title}** |${" |".repeat(ROLE_IDS.length)}`);
    for (const verb of actions) {
      const permission = `${noun}:${verb}` as Permission;
      lines.push(`| \`${permission}\` | ${ROLE_IDS.map((id) => cell(rightsOf(id), permission)).join(" | ")} |`);
    }
  }
  lines.push(WORKLOAD);
  for (const permission of Object.keys(WORKLOAD_RIGHTS)) lines.push(`- \`${permission}\``);
  return `${lines.join("\n")}\n`;
}

const cell = (rights: Rights, permission: Permission) => ({ any: "yes", own: "own", none: "–" })[rights[permission] ?? "none"];
