"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/lib/kernel/action";
import { updateProject as changeProject } from "@/lib/projects/change-project";
import { createProject as makeProject } from "@/lib/projects/create-project";
import { deleteProject as removeProject } from "@/lib/projects/delete-project";
import { setNetworks as changeNetworks } from "@/lib/workspaces/set-networks";
import { updateWorkspace as changeWorkspace } from "@/lib/workspaces/update-workspace";

// The forms of a workspace's settings. What was changed is read anew, the shell with it.

const then = () => revalidatePath("/", "layout");

export const updateWorkspace = action(changeWorkspace, { then });
export const setNetworks = action(changeNetworks, { then });
export const createProject = action(makeProject, { then });
export const updateProject = action(changeProject, { then });
export const deleteProject = action(removeProject, { then });
