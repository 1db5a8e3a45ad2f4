import type { Permission, Reach, Rights, RoleId } from "@/lib/authz/permissions";

// What pages see of the organization's own roles: plain data.

/** A role that forms offer beside those of the table. */
export type RoleChoice = { value: string; label: string; summary: string; base: RoleId; rights: Rights };

export type RoleRevision = {
  number: number;
  at: string;
  by: string | null;
  summary: string;
  changes: { permission: Permission; before: Reach | null; after: Reach | null }[];
};

export type RolePage = { name: string; title: string; base: RoleId; summary: string; rights: Rights; revision: number; revisions: RoleRevision[] };

/** What a change of a role does to somebody who holds it: what they gain and lose where they hold it, other grants taken in. */
export type RoleEffect = { principalId: string; who: string; kind: string; where: string; gains: Permission[]; loses: Permission[] };
