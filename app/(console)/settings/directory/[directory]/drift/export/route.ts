import { DRIFT, driftKind } from "@/components/directory/lists";
import { listDirectoryDrift } from "@/lib/directories/drift";
import { getDirectory } from "@/lib/directories/queries";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { exportList } from "../../../../../list-export";

export const dynamic = "force-dynamic";

/** The differences of a directory that a filter shows, as CSV. */
export const GET = route("directory:read", async ({ context, params, url }) => {
  const directory = await ask(getDirectory, context, { directoryId: params.directory ?? "" });
  return exportList(url, `directory-${directory.slug}-drift`, DRIFT, (input) => ask(listDirectoryDrift, context, { ...input, directoryId: directory.id }), [
    ["of", (row) => driftKind(row.kind)],
    ["who or what", (row) => row.what],
    ["account id", (row) => row.principalId],
    ["directory says", (row) => row.said],
    ["here", (row) => row.held],
    ["because", (row) => row.why],
    ["since", (row) => row.since],
  ]);
});
