import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { SESSION_IDLE_HOURS } from "@/lib/identity/session";
import { defineQuery } from "@/lib/kernel/query";
import type { MyProfile, MySession } from "./schema";

// What a person sees of their own account.

/** Who I am here. */
export const myProfile = defineQuery({
  name: "account.profile",
  permission: "session:read",
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor }): Promise<MyProfile> =>
    tx
      .selectFrom("principal as p")
      .leftJoin("local_password as l", "l.principal_id", "p.id")
      .select(["p.name", "p.email", "p.full_name as fullName", "l.changed_at as passwordChangedAt", "p.created_at as createdAt"])
      .select(sql<boolean>`l.principal_id is not null`.as("hasPassword"))
      .where("p.id", "=", actor.id)
      .executeTakeFirstOrThrow(),
});

/** My sessions that are not over, this one first. */
export const mySessions = defineQuery({
  name: "account.sessions",
  permission: "session:read",
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor }): Promise<MySession[]> => {
    const isCurrent = sql<boolean>`s.id::text = ${actor.credential.kind === "session" ? actor.credential.id : ""}`;
    return tx
      .selectFrom("session as s")
      .select(["s.id", "s.address", "s.user_agent as userAgent", "s.created_at as createdAt", "s.last_seen_at as lastSeenAt"])
      .select(sql<MySession["kind"]>`s.kind`.as("kind"))
      .select(isCurrent.as("isCurrent"))
      .select(sql<string>`least(s.expires_at, s.last_seen_at + make_interval(hours => ${SESSION_IDLE_HOURS}))`.as("endsAt"))
      .where("s.principal_id", "=", actor.id)
      .where(sql<boolean>`s.expires_at > now() and s.last_seen_at > now() - make_interval(hours => ${SESSION_IDLE_HOURS})`)
      .orderBy(isCurrent, "desc")
      .orderBy("s.last_seen_at", "desc")
      .execute();
  },
});
