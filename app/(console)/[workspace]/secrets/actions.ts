"use server";

import { action } from "@/lib/kernel/action";
import { createSecret } from "@/lib/secrets/create-secret";
import { deleteSecret } from "@/lib/secrets/delete-secret";
import { updateSecret } from "@/lib/secrets/update-secret";
import { revealSecret } from "@/lib/secrets/use-secret";

export const makeSecret = action(createSecret);
export const saveSecret = action(updateSecret);
export const removeSecret = action(deleteSecret);
export const revealValues = action(revealSecret);
