"use server";

import { action } from "@/lib/kernel/action";
import { deleteRun } from "@/lib/runs/delete-run";
import { refreshRun } from "@/lib/runs/refresh-run";
import { stopRun } from "@/lib/runs/stop-run";

export const stopRunAction = action(stopRun);
export const refreshRunAction = action(refreshRun);
export const deleteRunAction = action(deleteRun);
