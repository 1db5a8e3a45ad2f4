"use server";

import { action } from "@/lib/kernel/action";
import { rotateMasterKey } from "@/lib/master-key/rotate-master-key";

export const rotateMasterKeyAction = action(rotateMasterKey);
