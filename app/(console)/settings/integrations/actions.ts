"use server";

import { action } from "@/lib/kernel/action";
import { restoreIntegrationVersion, rotateIntegration, updateIntegration } from "@/lib/integrations/change-integration";
import { createIntegration } from "@/lib/integrations/create-integration";
import { deleteIntegration, destroyIntegration, destroyIntegrationVersion, undeleteIntegration } from "@/lib/integrations/delete-integration";

export const makeIntegration = action(createIntegration);
export const saveIntegration = action(updateIntegration);
export const rotateIntegrationAction = action(rotateIntegration);
export const restoreIntegrationAction = action(restoreIntegrationVersion);
export const destroyIntegrationVersionAction = action(destroyIntegrationVersion);
export const removeIntegration = action(deleteIntegration);
export const bringBackIntegration = action(undeleteIntegration);
export const destroyIntegrationAction = action(destroyIntegration);
