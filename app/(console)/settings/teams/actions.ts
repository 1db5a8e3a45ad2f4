"use server";

import { action } from "@/lib/kernel/action";
import { addTeamMember, removeTeamMember } from "@/lib/teams/change-members";
import { createTeam, deleteTeam, updateTeam } from "@/lib/teams/change-team";

// The forms of teams.

export const createTeamAction = action(createTeam);
export const updateTeamAction = action(updateTeam);
export const deleteTeamAction = action(deleteTeam);
export const addTeamMemberAction = action(addTeamMember);
export const removeTeamMemberAction = action(removeTeamMember);
