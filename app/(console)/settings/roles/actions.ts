"use server";

import { action } from "@/lib/kernel/action";
import { createRole, deleteRole, updateRole } from "@/lib/roles/change-role";

// The forms of roles.

export const createRoleAction = action(createRole);
export const updateRoleAction = action(updateRole);
export const deleteRoleAction = action(deleteRole);
