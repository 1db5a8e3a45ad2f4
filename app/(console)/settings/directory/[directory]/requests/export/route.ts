import { REQUESTS } from "@/components/directory/lists";
import { getDirectory, listDirectoryRequests } from "@/lib/directories/queries";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { exportList } from "../../../../../list-export";

export const dynamic = "force-dynamic";

/** What a directory asked that a filter shows, as CSV. */
export const GET = route("directory:read", async ({ context, params, url }) => {
  const directory = await ask(getDirectory, context, { directoryId: params.directory ?? "" });
  return exportList(
    url,
    `directory-${directory.slug}-requests`,
    REQUESTS,
    (input) => ask(listDirectoryRequests, context, { ...input, directoryId: directory.id }),
    [
      ["time", (row) => row.at],
      ["method", (row) => row.method],
      ["asked for", (row) => row.subject],
      ["result", (row) => row.status],
      ["took (ms)", (row) => row.durationMs],
      ["refused because", (row) => row.detail],
      ["from", (row) => row.address],
      ["request id", (row) => row.requestId],
    ],
  );
});
