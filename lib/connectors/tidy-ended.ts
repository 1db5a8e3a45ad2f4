import "server-only";
import { sql } from "kysely";
import { inScope } from "@/lib/kernel/transaction";
import type { OpenConnector } from "./open-connector";
import { callOf } from "./outgoing-call";
import { requireProvider } from "./reach";

// What a provider left outside for credentials that have ended by themselves is taken away when the next one is issued, a few at a time: the
// main keys are open then. What can't be taken away is empty and harmless, and is tried again the next time.

const AT_ONCE = 5;

export async function tidyEnded({ connector, connection, networks }: OpenConnector): Promise<void> {
  const provider = requireProvider(connector.type);
  if (!provider.tidy) return;
  const scope = [connector.workspace_id];
  const ended = await inScope(scope, (tx) =>
    sql<{ id: string; ending: Record<string, string> }>`select id, ending from connector_issue
      where connector_id = ${connector.id} and ending is not null and revoked_at is null and revoking_at is null and expires_at < clock_timestamp() order by expires_at limit ${AT_ONCE}`.execute(
      tx,
    ),
  );
  await Promise.all(
    ended.rows.map(async ({ id, ending }) => {
      try {
        await provider.tidy?.(connection, { names: ending }, callOf(networks));
        await inScope(scope, (tx) => tx.updateTable("connector_issue").set({ ending: null }).where("id", "=", id).execute());
      } catch {
        // the next time
      }
    }),
  );
}
