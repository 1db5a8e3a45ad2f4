import "server-only";
import { sql } from "kysely";
import type { SharedThing } from "./schema";

/** SQL of the team or the directory's group by which a row `g` of role_grant was given; null for one that was given to the account itself. */
export const THROUGH = sql<string | null>`coalesce(
  (select t.name from team_grant tg join team t on t.id = tg.team_id where tg.id = g.team_grant_id),
  (select dg.display_name from group_rule r join directory_group dg on dg.id = r.group_id where r.id = g.group_rule_id))`;

/** SQL of the one thing that a grant is of: a direct share. Null for all others. */
export const sharedThing = (of: string) =>
  sql<SharedThing | null>`case when ${sql.ref(`${of}.thing_id`)} is not null then
    jsonb_build_object('type', ${sql.ref(`${of}.thing_type`)}, 'id', ${sql.ref(`${of}.thing_id`)}, 'name', ${sql.ref(`${of}.thing_name`)}) end`;
