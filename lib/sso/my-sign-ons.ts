import "server-only";
import { z } from "zod";
import { defineQuery } from "@/lib/kernel/query";
import type { MySignOn } from "./schema";

/** The connections that are on, each with what of mine is linked to it. */
export const mySignOns = defineQuery({
  name: "account.sign-ons",
  permission: "session:read",
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor }): Promise<MySignOn[]> =>
    tx
      .selectFrom("sso_connection as c")
      .leftJoin("sso_identity as i", (join) => join.onRef("i.connection_id", "=", "c.id").on("i.principal_id", "=", actor.id))
      .select(["c.id", "c.name", "i.linked_at as linkedAt", "i.last_at as lastAt", "i.email"])
      .where("c.organization_id", "=", actor.organizationId)
      .where("c.state", "=", "on")
      .where("c.deleted_at", "is", null)
      .orderBy("c.name")
      .execute(),
});
