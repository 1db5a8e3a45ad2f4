import "server-only";
/* The roles that a set-up file makes and those that it may name: the table's and its own. One made on the pages stands in the file too, so that the file makes the same installation again. */
import { z } from "zod";
import { roleField } from "@/lib/access/access-input";
import { isRoleId, type Permission, PERMISSIONS, type Reach, type Rights, type Role, type RoleId, ROLES, systemRole } from "@/lib/authz/permissions";
import { CLONABLE, clonedRights, rightsProblem } from "@/lib/authz/role-rule";

const permission = z.enum(PERMISSIONS as [Permission, ...Permission[]], { error: "is no permission: docs/permissions.md lists them" });

/** A role of the organization's own: what it holds is its base's rights, with those added and without those removed. */
export const ownRole = z
  .strictObject({
    name: roleField.describe("One word, such as release-manager. It never changes and is used once."),
    base: z
      .enum(CLONABLE as [RoleId, ...RoleId[]], { error: `has to be one of ${CLONABLE.join(", ")}` })
      .describe("The role that it is a clone of; it never changes."),
    summary: z.string().trim().max(200).optional().describe("What others see."),
    added: z
      .partialRecord(permission, z.enum(["any", "own"] satisfies Reach[]))
      .default({})
      .describe('Rights beyond its base\'s, or in another reach: { "run:stop": "own" }.'),
    removed: z.array(permission).default([]).describe("Rights of its base that it doesn't hold."),
  })
  .superRefine((role, context) => {
    const problem = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    if (isRoleId(role.name)) return problem(["name"], "is a role of the table");
    const held = clonedRights(role.base);
    for (const right of role.removed) {
      if (role.added[right]) problem(["removed"], `${right} is added and removed`);
      else if (!held[right]) problem(["removed"], `${ROLES[role.base].title} doesn't hold ${right}`);
    }
    const wrong = rightsProblem(role.base, rightsOfOwn(role));
    if (wrong) problem([], wrong);
  });
export type SetupRole = z.output<typeof ownRole>;

/** What a role of the file holds. */
export function rightsOfOwn({ base, added, removed }: Pick<SetupRole, "base" | "added" | "removed">): Rights {
  const rights: Rights = { ...clonedRights(base), ...added };
  for (const right of removed) delete rights[right];
  return rights;
}

/** Roles by the name that grants carry. */
export type FileRoles = ReadonlyMap<string, FileRole>;
type FileRole = Pick<Role, "scope" | "rights">;

const TABLE: [string, FileRole][] = (Object.keys(ROLES) as RoleId[]).filter((id) => id !== "member").map((id) => [id, systemRole(id)]);

/** The roles that grants of a file may name; its own as far as they can be read: what is wrong with one is told of the role alone. */
export function rolesOf(raw: unknown): FileRoles {
  const list = (raw as { roles?: unknown } | null)?.roles;
  const made = (Array.isArray(list) ? list : []).flatMap((one: unknown): [string, FileRole][] => {
    const { name, base } = (one ?? {}) as { name?: unknown; base?: unknown };
    if (typeof name !== "string" || !CLONABLE.includes(base as RoleId)) return [];
    const role = ownRole.safeParse(one).data;
    return [[name, { scope: ROLES[base as RoleId].scope, rights: role ? rightsOfOwn(role) : {} }]];
  });
  return new Map([...made, ...TABLE]);
}

/** The field of a role's name. */
export const roleIn = (roles: FileRoles) =>
  z
    .string()
    .refine((name) => roles.has(name), { error: `has to be one of ${[...roles.keys()].sort().join(", ")}` })
    .describe(
      `${TABLE.map(([name]) => name).join(", ")}, or one of the file's own roles. system-admin and auditor hold for the organization; the others for a workspace, some also for one project.`,
    );

type Place = { workspace?: string; project?: string };

/** What is wrong with a role at a place; undefined when nothing is, or when there is no such role. */
export function scopeProblem(roles: FileRoles, name: string, place: Place): string | undefined {
  const scopes: readonly string[] | undefined = roles.get(name)?.scope;
  if (!scopes) return undefined;
  if (scopes.includes("organization"))
    return place.workspace || place.project ? `${name} holds for the whole organization: leave workspace and project out` : undefined;
  if (!place.workspace) return `${name} holds for a workspace: name it`;
  return place.project && !scopes.includes("project") ? `${name} can't be narrowed to a project` : undefined;
}

/** What is wrong with a role for a service account. */
export function programProblem(roles: FileRoles, name: string, place: Place): string | undefined {
  if (roles.get(name)?.rights["approval:decide"]) return `a service account never approves: ${name} does`;
  return scopeProblem(roles, name, place);
}
