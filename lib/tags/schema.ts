// What pages know of tags.

/** What people put tags on, by its word in the product. */
export const TAGGED_KINDS = {
  run: { resourceType: "pipeline_run", noun: "run" },
  pipeline: { resourceType: "pipeline", noun: "pipeline" },
  artifact: { resourceType: "artifact", noun: "artifact" },
  artifact_version: { resourceType: "artifact_version", noun: "artifact" },
  model: { resourceType: "model", noun: "model" },
  model_version: { resourceType: "model_version", noun: "model" },
} as const;

export type TaggedKind = keyof typeof TAGGED_KINDS;

export const TAG_NAME_MAX = 255;

/** A tag that could be put on something: how many things carry it, and whether only one of a family may. */
export type TagSuggestion = { name: string; exclusive: boolean; carriedBy: number };

/** What an edit did: the tags that the thing carries now, and which exclusive ones it took from what else. */
export type EditedTags = { tags: string[]; taken: { tag: string; from: string }[] };
