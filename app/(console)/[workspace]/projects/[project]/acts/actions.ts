"use server";

import { CANCEL_JOB } from "@/lib/bulk/cancel-job";
import { START_JOB } from "@/lib/bulk/start-job";
import { action } from "@/lib/kernel/action";

export const startRunTags = action(START_JOB["run:update"]);
export const startRunStop = action(START_JOB["run:stop"]);
export const startRunDelete = action(START_JOB["run:delete"]);
export const startPipelineTags = action(START_JOB["pipeline:update"]);
export const startPipelineDelete = action(START_JOB["pipeline:delete"]);
export const startArtifactTags = action(START_JOB["artifact:update"]);
export const startArtifactDelete = action(START_JOB["artifact:delete"]);
export const startModelTags = action(START_JOB["model:update"]);
export const startModelDelete = action(START_JOB["model:delete"]);
export const cancelRunJob = action(CANCEL_JOB.run);
export const cancelPipelineJob = action(CANCEL_JOB.pipeline);
export const cancelArtifactJob = action(CANCEL_JOB.artifact);
export const cancelModelJob = action(CANCEL_JOB.model);
