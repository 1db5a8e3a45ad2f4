"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/lib/kernel/action";
import { deleteApiKey as deleteKey, updateApiKey as updateKey } from "@/lib/service-accounts/change-api-key";
import { createApiKey as createKey } from "@/lib/service-accounts/create-api-key";
import { createServiceAccount as createAccount } from "@/lib/service-accounts/create-service-account";
import { deleteServiceAccount as deleteAccount } from "@/lib/service-accounts/delete-service-account";
import { rotateApiKey as rotateKey } from "@/lib/service-accounts/rotate-api-key";
import { updateServiceAccount as updateAccount } from "@/lib/service-accounts/update-service-account";

// The forms of service accounts and keys, of a workspace or of the organization. What was changed is read anew.

const then = () => revalidatePath("/", "layout");

export const createServiceAccount = action(createAccount, { then });
export const updateServiceAccount = action(updateAccount, { then });
export const deleteServiceAccount = action(deleteAccount, { then });
export const createApiKey = action(createKey, { then });
export const rotateApiKey = action(rotateKey, { then });
export const updateApiKey = action(updateKey, { then });
export const deleteApiKey = action(deleteKey, { then });
