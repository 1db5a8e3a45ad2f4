"use server";

import { action } from "@/lib/kernel/action";
import { copyStack, createStack } from "@/lib/stacks/create-stack";
import { deleteStack } from "@/lib/stacks/delete-stack";
import { updateStack } from "@/lib/stacks/update-stack";

export const registerStack = action(createStack);
export const saveStack = action(updateStack);
export const copyStackAs = action(copyStack);
export const removeStack = action(deleteStack);
