"use server";

import { createDirectory, rotateDirectoryToken, updateDirectory } from "@/lib/directories/change-directory";
import { applyHold, discardHold } from "@/lib/directories/decide-hold";
import { action } from "@/lib/kernel/action";
import { nameGroup } from "@/lib/sso/name-group";

// The forms of directories.

export const createDirectoryAction = action(createDirectory);
export const updateDirectoryAction = action(updateDirectory);
export const rotateTokenAction = action(rotateDirectoryToken);
export const applyHoldAction = action(applyHold);
export const discardHoldAction = action(discardHold);
export const nameGroupAction = action(nameGroup);
