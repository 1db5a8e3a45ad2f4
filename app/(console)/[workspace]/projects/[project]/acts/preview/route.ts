import { PREVIEW_ACT } from "@/lib/bulk/preview";
import { BULK_LISTS } from "@/lib/bulk/schema";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { readBody, route } from "@/lib/kernel/route";

export const dynamic = "force-dynamic";

const MAX_BYTES = 100_000;

/** What an act on some things of the project would do: POST { list, act, tags, selection }, as it may name a thousand ids. */
export const POST = route("project:read", async ({ request, context, place }) => {
  if (!place.project) throw new AppError("not_found", "There is no such project here.");
  const asked = parse(await readBody(request, MAX_BYTES));
  const list = Object.keys(BULK_LISTS).find((name): name is keyof typeof BULK_LISTS => name === asked.list);
  if (!list) throw new AppError("invalid_input", "There is no such list.");
  return Response.json(await ask(PREVIEW_ACT[BULK_LISTS[list].noun], context, { ...asked, projectId: place.project.id }));
});

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // told below
  }
  throw new AppError("invalid_input", "The body is no JSON object.");
}
