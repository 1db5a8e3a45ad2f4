"use server";

import { action } from "@/lib/kernel/action";
import { answerQuestion } from "@/lib/waits/answer-question";

export const answerRunQuestion = action(answerQuestion);
