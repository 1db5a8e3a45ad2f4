"use server";

import { endView, startView } from "@/lib/identity/view-as-role";
import { action } from "@/lib/kernel/action";

export const startViewAction = action(startView);
export const endViewAction = action(endView);
