"use server";

import { requestRound, switchCanaries } from "@/lib/canaries/settings";
import { action } from "@/lib/kernel/action";

export const switchCanariesAction = action(switchCanaries);
export const requestRoundAction = action(requestRound);
