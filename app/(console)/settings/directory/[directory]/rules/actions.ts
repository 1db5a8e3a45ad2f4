"use server";

import { createGroupRule, deleteGroupRule } from "@/lib/group-rules/change-rules";
import { withdrawWaitingRule } from "@/lib/group-rules/waiting-rules";
import { action } from "@/lib/kernel/action";

// The forms of group rules.

export const createRuleAction = action(createGroupRule);
export const withdrawRuleAction = action(withdrawWaitingRule);
export const deleteRuleAction = action(deleteGroupRule);
