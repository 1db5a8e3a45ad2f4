"use server";

import { action } from "@/lib/kernel/action";
import { EDIT_TAGS } from "@/lib/tags/edit-tags";

export const editRunTags = action(EDIT_TAGS.run);
export const editPipelineTags = action(EDIT_TAGS.pipeline);
export const editArtifactTags = action(EDIT_TAGS.artifact);
export const editModelTags = action(EDIT_TAGS.model);
