"use server";

import { copyComponent, createComponent } from "@/lib/components/create-component";
import { deleteComponent } from "@/lib/components/delete-component";
import { updateComponent } from "@/lib/components/update-component";
import { reachOfConnector } from "@/lib/connectors/list-resources";
import { deleteFlavor } from "@/lib/flavors/change-flavor";
import { action } from "@/lib/kernel/action";

/** What a connector that may be chosen reaches. */
export const findReachable = action((context, fields) => reachOfConnector(context, fields.id ?? "", fields.resourceType ?? ""));

export const registerComponent = action(createComponent);
export const saveComponent = action(updateComponent);
export const copyComponentAs = action(copyComponent);
export const removeComponent = action(deleteComponent);
export const removeFlavor = action(deleteFlavor);
