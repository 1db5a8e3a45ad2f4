"use server";

import { copyComponent, createComponent } from "@/lib/components/create-component";
import { deleteComponent } from "@/lib/components/delete-component";
import { updateComponent } from "@/lib/components/update-component";
import { deleteFlavor } from "@/lib/flavors/change-flavor";
import { action } from "@/lib/kernel/action";

export const registerComponent = action(createComponent);
export const saveComponent = action(updateComponent);
export const copyComponentAs = action(copyComponent);
export const removeComponent = action(deleteComponent);
export const removeFlavor = action(deleteFlavor);
