import { GROUPS } from "@/components/directory/lists";
import { getDirectory, listDirectoryGroups } from "@/lib/directories/queries";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { exportList } from "../../../../../list-export";

export const dynamic = "force-dynamic";

/** The groups of a directory that a filter shows, as CSV. */
export const GET = route("directory:read", async ({ context, params, url }) => {
  const directory = await ask(getDirectory, context, { directoryId: params.directory ?? "" });
  return exportList(url, `directory-${directory.slug}-groups`, GROUPS, (input) => ask(listDirectoryGroups, context, { ...input, directoryId: directory.id }), [
    ["group", (row) => row.name],
    ["id", (row) => row.id],
    ["external id", (row) => row.externalId],
    ["members", (row) => row.members],
    ["rules", (row) => row.rules],
    ["last change", (row) => row.updatedAt],
  ]);
});
