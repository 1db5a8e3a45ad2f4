import "server-only";
import { sql } from "kysely";

/** SQL of the team or the directory's group by which a row `g` of role_grant was given; null for one that was given to the account itself. */
export const THROUGH = sql<string | null>`coalesce(
  (select t.name from team_grant tg join team t on t.id = tg.team_id where tg.id = g.team_grant_id),
  (select dg.display_name from group_rule r join directory_group dg on dg.id = r.group_id where r.id = g.group_rule_id))`;
