import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import type { Fields } from "@/lib/kernel/list";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import { defineQuery } from "@/lib/kernel/query";
import { findRunScope } from "@/lib/runs/run-scope";
import { findConnector } from "./find-connector";
import { type FoundIssue, isRunOf, issueRow, issueSource } from "./issue-rows";
import type { IssueRow, RunIssue } from "./schema";

// The ledger: of one connector, and of one run.

const FIELDS: Fields = {
  at: { kind: "time", sql: sql.ref("x.at"), required: true },
  who: { kind: "text", sql: sql.ref("x.who") },
  credential: { kind: "enum", sql: sql.ref("x.credential_kind"), required: true },
  outcome: { kind: "enum", sql: sql.ref("x.outcome"), required: true },
  purpose: { kind: "enum", sql: sql.ref("x.purpose"), required: true },
  resource: { kind: "text", sql: sql.ref("x.resource_id") },
  until: { kind: "time", sql: sql.ref("x.expires_at") },
  request: { kind: "text", sql: sql.ref("x.request_id"), required: true },
};

/** Lists what a connector issued and refused. Errors: not_found; bad_request for a cursor that is not ours. */
export const listConnectorIssues = defineQuery({
  name: "connector-issue.table",
  permission: "connector:read",
  input: keysetInput.extend({ connectorId: z.uuid() }),
  scope: ({ tx, input }) => findConnector(tx, input.connectorId),
  run: async ({ tx, actor, input }): Promise<KeysetPage<IssueRow>> => {
    const page = await keysetPage<FoundIssue>(tx, {
      source: issueSource(actor, sql`i.connector_id = ${input.connectorId}`),
      fields: FIELDS,
      input,
      visible: sql<SqlBool>`true`, // who may know the connector may know what it issued: the scope has found it for the reader
      list: `issues of ${input.connectorId}`,
      readerId: actor.id,
    });
    return { ...page, rows: page.rows.map(issueRow) };
  },
});

const MOST = 500;

/** The credentials of connectors that a run used: exact where its own token asked, else inferred from the client that posted it. Error: not_found. */
export const connectorIssuesOfRun = defineQuery({
  name: "connector-issue.of-run",
  permission: "run:read",
  input: z.strictObject({ projectId: z.uuid(), runId: z.uuid() }),
  scope: findRunScope,
  run: async ({ tx, actor, input }): Promise<RunIssue[]> => {
    const ids = sql`i.id in (select i.id from run r join connector_issue i on ${isRunOf} where r.id = ${input.runId})`;
    const { rows } = await sql<
      FoundIssue & { connector_id: string; connector_name: string }
    >`select x.* from ${issueSource(actor, ids)} where x.run_id = ${input.runId} order by x.at, x.id limit ${MOST}`.execute(tx);
    return rows.map((row) => ({ ...issueRow(row), connector: { id: row.connector_id, name: row.connector_name } }));
  },
});
