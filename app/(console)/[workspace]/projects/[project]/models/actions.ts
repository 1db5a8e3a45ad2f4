"use server";

import { action } from "@/lib/kernel/action";
import { deleteModel, deleteModelVersion } from "@/lib/models/change-models";
import { documentModel } from "@/lib/models/document-model";

export const documentModelAction = action(documentModel);
export const removeModel = action(deleteModel);
export const removeModelVersion = action(deleteModelVersion);
