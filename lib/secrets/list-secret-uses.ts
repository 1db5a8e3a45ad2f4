import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import type { Fields } from "@/lib/kernel/list";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import { defineQuery } from "@/lib/kernel/query";
import { findSecret } from "./find-secret";
import type { SecretUseRow } from "./row-schema";

// Who read the values of one secret, when and what for: the ledger that every reading is written to.

const FIELDS: Fields = {
  at: { kind: "time", sql: sql.ref("x.at"), required: true },
  who: { kind: "text", sql: sql.ref("x.who"), required: true },
  credential: { kind: "enum", sql: sql.ref("x.credential_kind"), required: true },
  purpose: { kind: "enum", sql: sql.ref("x.purpose"), required: true },
  reason: { kind: "text", sql: sql.ref("x.reason") },
  version: { kind: "number", sql: sql.ref("x.version"), required: true },
  request: { kind: "text", sql: sql.ref("x.request_id"), required: true },
};

type Found = {
  id: string;
  at: string;
  who: string;
  who_kind: string;
  credential_kind: string;
  purpose: string;
  reason: string | null;
  version: number;
  request_id: string;
};

/** Lists the uses of a secret. Errors: not_found; bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listSecretUses = defineQuery({
  name: "secret-use.table",
  permission: "secret:read",
  input: keysetInput.extend({ secretId: z.uuid() }),
  scope: ({ tx, actor, input }) => findSecret(tx, actor, input.secretId),
  run: async ({ tx, actor, input }): Promise<KeysetPage<SecretUseRow>> => {
    const source = sql`(
      select e.id, e.at, e.credential_kind, e.purpose, e.reason, e.version, e.request_id, coalesce(nullif(u.full_name, ''), u.name) as who, u.kind as who_kind
      from secret_use e join principal u on u.id = e.principal_id where e.secret_id = ${input.secretId}
    ) x`;
    const page = await keysetPage<Found>(tx, {
      source,
      fields: FIELDS,
      input,
      visible: sql<SqlBool>`true`, // who may know the secret may know its uses: the scope has found it for the reader
      list: `uses of ${input.secretId}`,
      readerId: actor.id,
    });
    return {
      ...page,
      rows: page.rows.map((row) => ({
        id: row.id,
        at: row.at,
        who: { name: row.who, kind: row.who_kind },
        credential: row.credential_kind,
        purpose: row.purpose,
        reason: row.reason,
        version: row.version,
        requestId: row.request_id,
      })),
    };
  },
});
