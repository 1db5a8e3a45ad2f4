import { PEOPLE } from "@/components/directory/lists";
import { getDirectory, listDirectoryPeople } from "@/lib/directories/queries";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { exportList } from "../../../../../list-export";

export const dynamic = "force-dynamic";

/** The people of a directory that a filter shows, as CSV. */
export const GET = route("directory:read", async ({ context, params, url }) => {
  const directory = await ask(getDirectory, context, { directoryId: params.directory ?? "" });
  return exportList(url, `directory-${directory.slug}-people`, PEOPLE, (input) => ask(listDirectoryPeople, context, { ...input, directoryId: directory.id }), [
    ["user name", (row) => row.userName],
    ["id", (row) => row.id],
    ["external id", (row) => row.externalId],
    ["account", (row) => row.name],
    ["account id", (row) => row.principalId],
    ["directory says", (row) => row.said],
    ["here", (row) => row.held],
    ["groups", (row) => row.groups],
    ["last change", (row) => row.updatedAt],
  ]);
});
