"use server";

import { action } from "@/lib/kernel/action";
import { createWorkspace } from "@/lib/workspaces/create-workspace";
import { deleteWorkspace } from "@/lib/workspaces/delete-workspace";
import { restoreWorkspace, suspendWorkspace } from "@/lib/workspaces/suspend-workspace";
import { updateWorkspace } from "@/lib/workspaces/update-workspace";

export const createWorkspaceAction = action(createWorkspace);
export const updateWorkspaceAction = action(updateWorkspace);
export const suspendWorkspaceAction = action(suspendWorkspace);
export const restoreWorkspaceAction = action(restoreWorkspace);
export const deleteWorkspaceAction = action(deleteWorkspace);
