import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineQuery } from "@/lib/kernel/query";
import { findConnector } from "./find-connector";

/** Whether anything was issued or revoked since a time: what a page has to hear of that was read then. Error: not_found. */
export const hasIssuedSince = defineQuery({
  name: "connector-issue.since",
  permission: "connector:read",
  input: z.strictObject({ id: z.uuid(), since: z.iso.datetime({ offset: true }) }),
  scope: ({ tx, input }) => findConnector(tx, input.id),
  run: async ({ tx, input: { id, since } }): Promise<boolean> => {
    const { rows } = await sql<{ found: boolean }>`select exists (
      select from connector_issue i where i.connector_id = ${id} and (i.issued_at > ${since} or i.revoked_at > ${since} or i.revoking_at > ${since})) as found`.execute(
      tx,
    );
    return rows[0]?.found === true;
  },
});
