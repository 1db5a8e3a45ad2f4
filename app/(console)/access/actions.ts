"use server";

import { changeGrant } from "@/lib/access/change-grant";
import { decideRequest } from "@/lib/access/decide-request";
import { endGrant } from "@/lib/access/end-grant";
import { grantRole } from "@/lib/access/grant-role";
import { requestAccess } from "@/lib/access/request-access";
import { withdrawRequest } from "@/lib/access/withdraw-request";
import { action } from "@/lib/kernel/action";
import { resendInvitation, revokeInvitation } from "@/lib/members/change-invitation";
import { deactivatePerson } from "@/lib/members/deactivate-person";
import { endSessionsOf } from "@/lib/members/end-sessions";
import { invitePerson } from "@/lib/members/invite-person";
import { restorePerson } from "@/lib/members/restore-person";

export const grantRoleAction = action(grantRole);
export const changeGrantAction = action(changeGrant);
export const endGrantAction = action(endGrant);
export const requestAccessAction = action(requestAccess);
export const withdrawRequestAction = action(withdrawRequest);
export const decideRequestAction = action(decideRequest);
export const invitePersonAction = action(invitePerson);
export const resendInvitationAction = action(resendInvitation);
export const revokeInvitationAction = action(revokeInvitation);
export const deactivatePersonAction = action(deactivatePerson);
export const restorePersonAction = action(restorePerson);
export const endSessionsAction = action(endSessionsOf);
