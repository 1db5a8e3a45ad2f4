"use server";

import { action } from "@/lib/kernel/action";
import { cancelMove, continueMove, cutOver, endMove, rollBack, startMove } from "@/lib/secret-stores/move-store";
import { saveStore, tryStore } from "@/lib/secret-stores/save-store";
import { chooseStore, removeStore, verifyStore } from "@/lib/secret-stores/use-store";

/** The form's fields, without what the browser adds for its own sake. */
const wishOf = ({ id, type, settings, basedOn }: Record<string, string>) => ({ type, settings, ...(id ? { id, basedOn } : {}) });

export const saveStoreForm = action((context, fields) => saveStore(context, wishOf(fields)));
/** Tries what the form says, without keeping anything. */
export const tryStoreForm = action((context, fields) => tryStore(context, wishOf(fields)));
export const verifyStoreNow = action((context, fields) => verifyStore(context, fields.id ?? ""));
export const useForNewValues = action(chooseStore);
export const takeStoreAway = action(removeStore);

export const beginMove = action(startMove);
export const stopMove = action(cancelMove);
export const letMoveGoOn = action(continueMove);
export const cutOverNow = action(cutOver);
export const rollMoveBack = action(rollBack);
export const endOldPlace = action(endMove);
