import "server-only";
import type { Workspace } from "@/lib/kernel/command";
import { prepared } from "@/lib/kernel/prepared";
import type { Tx } from "@/lib/kernel/transaction";

/** The active workspace of a slug, whoever asks: what may be said of it is decided after. */
export async function findWorkspace(tx: Tx, slug: string): Promise<Workspace | undefined> {
  return (await activeBySlug(tx, slug))[0];
}

const activeBySlug = prepared((db, slug: string) =>
  db
    .selectFrom("workspace")
    .select(["id", "slug", "display_name as displayName", "organization_id as organizationId", "state"])
    .where("slug", "=", slug)
    .where("state", "=", "active"),
);
