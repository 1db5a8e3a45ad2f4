"use server";

import { approveDevice, checkDeviceCode } from "@/lib/devices/approve-device";
import { refuseDevice } from "@/lib/devices/refuse-device";
import { action } from "@/lib/kernel/action";

export const approveDeviceAction = action(approveDevice);
export const checkDeviceCodeAction = action(checkDeviceCode);
export const refuseDeviceAction = action(refuseDevice);
