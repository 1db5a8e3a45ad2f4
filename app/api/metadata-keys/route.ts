import { AppError } from "@/lib/kernel/errors";
import { resolvePlace } from "@/lib/kernel/place";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { metadataKeysOf } from "@/lib/metadata/list-metadata-keys";
import { METADATA_RESOURCES } from "@/lib/metadata/write-metadata";

export const dynamic = "force-dynamic";

/** The metadata keys of a project that hold a text: `/api/metadata-keys?workspace=&project=&type=pipeline_run&q=`. */
export const GET = route("session:read", async ({ context, url }) => {
  const asked = (name: string) => url.searchParams.get(name) ?? "";
  const place = await resolvePlace(context.actor, asked("workspace"), encodeURIComponent(asked("project")));
  const type = METADATA_RESOURCES.find((known) => known === asked("type"));
  if (!place?.workspace || !place.project || !type) throw new AppError("not_found", "There is no such thing here.");
  const input = { projectId: place.project.id, type, text: asked("q") };
  return Response.json({ keys: await ask(metadataKeysOf(type), { ...context, workspace: place.workspace }, input) });
});
