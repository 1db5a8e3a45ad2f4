import { downloadOf } from "@/lib/artifacts/download";
import { spendDownload } from "@/lib/artifacts/open-files";
import { execute } from "@/lib/kernel/command";
import { route } from "@/lib/kernel/route";

/** The files of a version, once, for the person and session that the address was made for. */
export const GET = route("artifact:download", async ({ context, params }) => {
  const version = await execute(spendDownload, context, { secret: params.ticket, versionId: params.version, isWire: false });
  return downloadOf(context, version);
});
