import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { LoadedReview } from "./load-review";

// SQL of which grants a review is of, and what became of them.

/** Grants `g` (of accounts or of teams) of a review's place and role. A workspace's review has its projects' too; the organization's, with no role, only its own. */
export const ofReview = ({ workspaceId, role }: Pick<LoadedReview, "workspaceId" | "role">, organizationId: string): RawBuilder<SqlBool> => sql<SqlBool>`(
  g.organization_id = ${organizationId} and g.effect = 'allow' and (g.valid_to is null or g.valid_to > clock_timestamp())
  ${workspaceId ? sql`and g.workspace_ref = ${workspaceId}` : role ? sql`` : sql`and g.scope_kind = 'organization'`}
  ${role ? sql`and g.role = ${role}` : sql``})`;

/** True of an item `i` whose grant still holds. */
export const HOLDS = sql<boolean>`(case when i.subject_kind = 'team'
  then exists (select 1 from team_grant g where g.id = i.grant_id and (g.valid_to is null or g.valid_to > now()))
  else exists (select 1 from role_grant g where g.id = i.grant_id and (g.valid_to is null or g.valid_to > now())) end)`;

/** The members of an item's team, by name, as they were. */
export const MEMBERS = sql<string[]>`array(select m->>'name' from jsonb_array_elements(i.members) m)`;
