import "server-only";
import type { Workspace } from "@/lib/kernel/command";
import { inScope } from "@/lib/kernel/transaction";

/** The active workspace of a slug, whoever asks: what may be said of it is decided after. */
export async function findWorkspace(slug: string): Promise<Workspace | undefined> {
  const row = await inScope([], (tx) =>
    tx
      .selectFrom("workspace")
      .select(["id", "slug", "display_name as displayName", "organization_id as organizationId", "state"])
      .where("slug", "=", slug)
      .where("state", "=", "active")
      .executeTakeFirst(),
  );
  return row;
}
