"use server";

import { action } from "@/lib/kernel/action";
import { deleteView, saveView, updateView } from "@/lib/saved-views/change-views";

/** Saves a view of a list. */
export const saveViewOfList = action(saveView);

/** Renames, shares or changes a view. */
export const changeView = action(updateView);

/** Deletes a view. */
export const removeView = action(deleteView);
