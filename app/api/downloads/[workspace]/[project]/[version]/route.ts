import { requireDownloadable } from "@/lib/artifacts/download";
import { issueDownload } from "@/lib/artifacts/open-files";
import { getDownload } from "@/lib/artifacts/stored-files";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";

/** Makes the one-use address of a version's files, for a minute. A form without scripts is sent there at once. */
export const POST = route("artifact:download", async ({ request, context, params }) => {
  const { workspace, project, version: versionId } = params;
  const facts = await requireDownloadable(context, await ask(getDownload, context, { versionId }));
  const secret = await execute(issueDownload, context, { versionId, isWire: false });
  const url = `/api/downloads/${workspace}/${project}/${versionId}/${secret}`;
  if (request.headers.get("accept")?.includes("application/json")) return Response.json({ url, ...facts });
  return new Response(null, { status: 303, headers: { location: url } });
});
