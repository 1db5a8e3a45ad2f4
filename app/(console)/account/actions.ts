"use server";

import { changePassword } from "@/lib/account/change-password";
import { endOneSession, endOtherSessions } from "@/lib/account/end-sessions";
import { updateProfile } from "@/lib/account/update-profile";
import { deleteDevice, lockDevice } from "@/lib/devices/change-devices";
import { action } from "@/lib/kernel/action";
import { createPersonalToken } from "@/lib/tokens/create-token";
import { revokePersonalToken } from "@/lib/tokens/revoke-token";

export const updateProfileAction = action(updateProfile);
export const changePasswordAction = action(changePassword);
export const endSessionAction = action(endOneSession);
export const endOtherSessionsAction = action(endOtherSessions);
export const lockDeviceAction = action(lockDevice);
export const deleteDeviceAction = action(deleteDevice);
export const createTokenAction = action(createPersonalToken);
export const revokeTokenAction = action(revokePersonalToken);
