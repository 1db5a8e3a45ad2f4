import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import { findStore } from "./find-store";
import { IS_MOVED } from "./work-move";
import { type StoreDraft, type Stores, storeTitle } from "./schema";

// The secret stores of a workspace as its settings show them: for those who read settings, and without a credential.

type Found = {
  id: string;
  type: string;
  configuration: Record<string, unknown>;
  credential_names: string[];
  versions: number;
  waiting: number;
  waiting_error: string | null;
  verified_at: string | null;
  last_error: string | null;
  last_error_at: string | null;
};

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** All stores with what lies in them. */
export const getStores = defineQuery({
  name: "secret-store.list",
  permission: "api-key:read",
  input: z.strictObject({}),
  scope: ({ workspace }) => ({ workspaceId: workspace?.id }),
  run: async ({ tx, workspace }): Promise<Stores> => {
    if (!workspace) throw new AppError("not_found", "There is no such thing here.");
    const { rows } = await sql<Found>`
      select s.id, s.type, s.configuration, s.credential_names, s.verified_at, s.last_error, s.last_error_at,
        (select count(*)::int from secret_version v where v.store_id = s.id and v.destroyed_at is null) as versions,
        (select count(*)::int from secret_store_check c where c.store_id = s.id and c.due_at <= clock_timestamp()) as waiting,
        (select max(c.last_error) from secret_store_check c where c.store_id = s.id) as waiting_error
      from secret_store s where s.workspace_id = ${workspace.id} and s.removed_at is null order by s.created_at`.execute(tx);
    const { rows: facts } = await sql<{ current: string | null; built_in: number }>`
      select w.secret_store_id as current, (select count(*)::int from secret_version v join secret s on s.id = v.secret_id
          where v.workspace_id = w.id and v.store_id is null and v.destroyed_at is null and ${IS_MOVED}) as built_in
      from workspace w where w.id = ${workspace.id}`.execute(tx);
    const current = facts[0]?.current ?? null;
    return {
      current,
      builtIn: facts[0]?.built_in ?? 0,
      stores: rows.map((row) => ({
        id: row.id,
        type: row.type,
        title: storeTitle(row.type),
        configuration: Object.entries(row.configuration).map(([name, value]) => [name, textOf(value)]),
        credentials: row.credential_names,
        isCurrent: row.id === current,
        versions: row.versions,
        waiting: row.waiting,
        waitingError: row.waiting_error,
        verifiedAt: row.verified_at,
        lastError: row.last_error,
        lastErrorAt: row.last_error_at,
      })),
    };
  },
});

/** One store as its form begins. Error: not_found. */
export const getStoreDraft = defineQuery({
  name: "secret-store.draft",
  permission: "secret:read-value",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, input, workspace }) => findStore(tx, workspace?.id, input.id),
  run: async ({ target: { store } }): Promise<StoreDraft> => {
    const { method = "", ...configuration } = store.configuration;
    return {
      id: store.id,
      type: store.type,
      method: String(method),
      values: Object.fromEntries(Object.entries(configuration).map(([name, value]) => [name, JSON.stringify(value)])),
      kept: store.credential_names,
      basedOn: store.updated_at,
    };
  },
});
