"use server";

import { createDirectory, rotateDirectoryToken, updateDirectory } from "@/lib/directories/change-directory";
import { action } from "@/lib/kernel/action";

// The forms of directories.

export const createDirectoryAction = action(createDirectory);
export const updateDirectoryAction = action(updateDirectory);
export const rotateTokenAction = action(rotateDirectoryToken);
