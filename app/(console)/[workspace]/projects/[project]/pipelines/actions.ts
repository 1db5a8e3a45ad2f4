"use server";

import { action } from "@/lib/kernel/action";
import { deletePipeline } from "@/lib/pipelines/change-pipeline";

export const removePipeline = action(deletePipeline);
