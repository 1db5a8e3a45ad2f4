import "server-only";
import type { Workspace } from "@/lib/kernel/command";
import { mintDirectoryToken } from "@/lib/directories/token";
import { newId } from "@/lib/kernel/id";
import { inEveryWorkspace } from "@/lib/jobs/every-workspace";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import { sql } from "kysely";
import { loopbackUrl } from "./ask";
import type { Place } from "./hold";
import { CANARY } from "./schema";

// Where a round measures, and the directory that brings its canaries. The directory and its token live as long as the round.

type Spot = { workspace: Workspace; project: string };

/** The first project of the organization's workspaces; undefined while there is none. */
export function findSpot(organizationId: string): Promise<Spot | undefined> {
  return inEveryWorkspace(async (tx) => {
    const row = await tx
      .selectFrom("workspace as w")
      .innerJoin("project as p", "p.workspace_id", "w.id")
      .select(["w.id", "w.slug", "w.display_name as displayName", "w.organization_id as organizationId", "w.state", "p.name as project"])
      .where("w.organization_id", "=", organizationId)
      .where("w.state", "=", "active")
      .orderBy("w.created_at")
      .orderBy("p.created_at")
      .executeTakeFirst();
    if (!row) return undefined;
    const { project, ...workspace } = row;
    return { workspace, project };
  });
}

/** Opens the canaries' directory, lets `work` measure there, and removes it with every canary, whatever happens. */
export async function withCanaries<T>(organizationId: string, { workspace, project }: Spot, work: (place: Place) => Promise<T>): Promise<T> {
  await removeCanaries(organizationId); // of a round that was cut off
  const directory = await inScope([], async (tx) => {
    const row = { id: newId(), organization_id: organizationId, slug: `canary-${newId().slice(-12)}`, name: "Canaries", provider: CANARY, hold_percent: 100 };
    await tx.insertInto("directory").values(row).execute();
    const { token } = await mintDirectoryToken(tx, row.id, null);
    return { id: row.id, slug: row.slug, token };
  });
  try {
    const connectionId = await inScope([], (tx) => aConnection(tx, organizationId));
    return await work({ url: loopbackUrl(), organizationId, workspace, project, connectionId, directory });
  } finally {
    await removeCanaries(organizationId);
  }
}

const aConnection = async (tx: Tx, organizationId: string): Promise<string | null> =>
  (
    await tx
      .selectFrom("sso_connection")
      .select("id")
      .where("organization_id", "=", organizationId)
      .where("deleted_at", "is", null)
      .where("state", "=", "on")
      .orderBy("created_at")
      .executeTakeFirst()
  )?.id ?? null;

/** Removes whatever canaries there are, with all that they held and the directory that brought them; gives how many accounts went. */
export function removeCanaries(organizationId: string): Promise<number> {
  return inScope([], async (tx) => {
    const directories = sql<string>`(select id from directory where organization_id = ${organizationId} and provider = ${CANARY})`;
    for (const table of ["directory_request", "directory_removal", "directory_user", "directory_token"] as const)
      await tx.deleteFrom(table).where("directory_id", "in", directories).execute();
    await tx.deleteFrom("directory").where("organization_id", "=", organizationId).where("provider", "=", CANARY).execute();
    const gone = await tx.deleteFrom("principal").where("organization_id", "=", organizationId).where("kind", "=", CANARY).executeTakeFirst();
    return Number(gone.numDeletedRows);
  });
}
