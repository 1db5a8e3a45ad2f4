import "server-only";
import pg from "pg";

// Looks at the database behind the app's back, as the owner: what changed, and what the trail says.

const connections = new Map<string, Promise<pg.Client>>();

/** Runs one statement as the owner, past row-level security, on a connection that is kept until its database is dropped. */
export async function asOwner<R extends pg.QueryResultRow = Record<string, unknown>>(ownerUrl: string, text: string, values: unknown[] = []): Promise<R[]> {
  const open = connections.get(ownerUrl) ?? connectOwner(ownerUrl);
  connections.set(ownerUrl, open);
  return (await (await open).query<R>(text, values)).rows;
}

async function connectOwner(ownerUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: ownerUrl, options: "-c search_path=reeve -c timezone=UTC -c max_parallel_workers_per_gather=0 -c jit=off" });
  client.on("error", () => connections.delete(ownerUrl)); // the database was dropped
  await client.connect();
  return client;
}

export type TrailRow = {
  seq: string;
  action: string;
  outcome: string;
  reason: string | null;
  actor_id: string | null;
  actor_name: string;
  target_name: string | null;
  count: number;
  address: string | null;
};

/** The trail's entries after a number, oldest first. */
export const trailAfter = (ownerUrl: string, seq: number) =>
  asOwner<TrailRow>(
    ownerUrl,
    `select e.seq::text, e.action, e.outcome, e.reason, e.actor_id, e.actor_name, e.target_name, e.count, e.address
     from organization o cross join lateral (select * from audit_entry where organization_id = o.id and seq > $1 order by seq) e order by e.seq`,
    [seq],
  );

/** The number of the trail's last entry, over all organizations. */
export async function lastSeq(ownerUrl: string): Promise<number> {
  const [row] = await asOwner<{ seq: string | null }>(
    ownerUrl,
    "select max(e.seq)::text as seq from organization o cross join lateral (select seq from audit_entry where organization_id = o.id order by seq desc limit 1) e",
  );
  return Number(row?.seq ?? 0);
}
