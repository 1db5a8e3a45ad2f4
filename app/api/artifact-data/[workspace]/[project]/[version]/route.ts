import { noteDataShown } from "@/lib/artifacts/open-files";
import { previewData } from "@/lib/artifacts/preview-data";
import { getDownload } from "@/lib/artifacts/stored-files";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";

/** The beginning of a version's data. It is given out only with its entry in the trail, as a download is. */
export const POST = route("artifact:download", async ({ context, params }) => {
  const { version: versionId } = params;
  const preview = await previewData(context, await ask(getDownload, context, { versionId }));
  await execute(noteDataShown, context, { versionId, file: preview.file });
  return Response.json(preview);
});
