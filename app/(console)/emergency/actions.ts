"use server";

import { endEmergencySession } from "@/lib/identity/emergency";
import { action } from "@/lib/kernel/action";

/** Ends an emergency session before its hour is over. */
export const endEmergency = action(endEmergencySession);
