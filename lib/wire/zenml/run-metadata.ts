import "server-only";
import { z } from "zod";
import { execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { isUuid } from "@/lib/kernel/id";
import { readInScope } from "@/lib/kernel/transaction";
import { LOG_METADATA, nounOf } from "@/lib/metadata/log-metadata";
import { METADATA_RESOURCES } from "@/lib/metadata/write-metadata";
import { findProject } from "@/lib/projects/find-project";
import { bodyOf, verbatimBody } from "./bodies";
import type { Endpoint, WireCall } from "./endpoint";
import { stringifyVerbatim } from "./respond";

// Metadata on the wire: values go in with their numbers spelled as sent. Artifact and model versions need the update permission of
// their own noun. Kinds that Reeve doesn't have (schedules, waits) are refused.

const request = z.object({
  project: z.string(),
  resources: z.array(z.object({ id: z.uuid(), type: z.string() })).max(1_000),
  values: z.record(z.string(), z.unknown()),
  types: z.record(z.string(), z.string()),
  publisher_step_id: z.uuid().nullish(),
});

/** The values of a verbatim body part, key → JSON text. */
export const verbatimValues = (part: unknown): Map<string, string> =>
  new Map(typeof part === "object" && part !== null ? Object.entries(part).map(([key, value]) => [key, stringifyVerbatim(value)]) : []);

async function logMetadata(call: WireCall): Promise<null> {
  const body = bodyOf(call, request);
  const values = verbatimValues(verbatimBody(call).values);
  for (const key of values.keys())
    if (!Object.hasOwn(body.types, key)) throw new AppError("invalid_input", `types: has no type for ${key}.`, { fields: { types: "missing" } });
  // Each thing is looked for in the project that is named: an id needs no looking up before.
  const isLookedUp = !isUuid(body.project) || body.resources.length === 0;
  const find = () => readInScope([call.context.workspace.id], (tx) => findProject(tx, call.context.workspace.id, body.project));
  const projectId = isLookedUp ? (await find()).id : body.project;
  for (const { id, type } of body.resources) {
    const resourceType = METADATA_RESOURCES.find((known) => known === type);
    if (!resourceType) throw new AppError("not_implemented", `Reeve keeps no metadata of a ${type} yet.`);
    await execute(LOG_METADATA[nounOf(resourceType)], call.context, {
      projectId,
      resourceType,
      resourceId: id,
      values,
      types: body.types,
      publisherStepId: body.publisher_step_id ?? null,
    });
  }
  return null;
}

export const RUN_METADATA_ENDPOINTS: Endpoint[] = [{ method: "POST", path: "/run-metadata", permission: "run:update", audit: "data", handle: logMetadata }];
