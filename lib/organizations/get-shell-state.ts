import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { viewWords } from "@/lib/authz/view";
import { whySealed } from "@/lib/kernel/active-master-key";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import type { Notice } from "./schema";

// The notices above every page: the role that one looks as; emergency sessions, for every System Admin and for who is in one; a missing master key, for everybody;
// work that does not get done, for who looks after the system.

/** Background work that is due this long without being taken means that no worker works. */
const LATE_MINUTES = 2;

/** The notices for this actor: what their session is first, then the most severe. */
export const getNotices = defineQuery({
  name: "organization.notices",
  permission: "session:read",
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor }): Promise<Notice[]> => {
    const seesAll = can(actor, "system:read").allowed;
    const finding = tx
      .selectFrom("session as s")
      .innerJoin("principal as p", "p.id", "s.principal_id")
      .select(["s.id", "s.expires_at", "s.address", "p.id as person", "p.name", "p.full_name"])
      .where("s.kind", "=", "emergency")
      .where("s.expires_at", ">", sql<string>`now()`)
      .where("p.active", "=", true)
      .where("p.organization_id", "=", actor.organizationId)
      .where((eb) => (seesAll ? eb.lit(true) : eb("s.principal_id", "=", actor.id)))
      .orderBy("s.expires_at", "desc")
      .limit(10)
      .execute();
    const [emergencies, late, sealed] = await Promise.all([finding, seesAll ? lateSince(tx) : undefined, whySealed(tx)]);
    return [
      ...(actor.view ? [{ kind: "viewing" as const, as: viewWords(actor.view), until: actor.view.until }] : []),
      ...emergencies.map((row) => ({
        kind: "emergency" as const,
        id: row.id,
        name: row.full_name || row.name,
        isMine: row.id === actor.credential.id,
        until: row.expires_at,
        address: row.address,
      })),
      ...(sealed ? [{ kind: "sealed" as const }] : []),
      ...(late ? [{ kind: "impaired" as const, since: late }] : []),
    ];
  },
});

async function lateSince(tx: Tx): Promise<string | undefined> {
  const { rows } = await sql<{ since: string | null }>`
    select min(available_at) as since from outbox
    where available_at < now() - make_interval(mins => ${LATE_MINUTES}) and (leased_until is null or leased_until < now())`.execute(tx);
  return rows[0]?.since ?? undefined;
}
