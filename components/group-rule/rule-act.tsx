"use client";

import { useRouter } from "next/navigation";
import { createRuleAction, deleteRuleAction } from "@/app/(console)/settings/directory/[directory]/rules/actions";
import { ActionForm, type FormAction } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";
import type { RuleDraft } from "./rule-query";

const count = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;

/** Makes the rule that was previewed. */
export const MakeRule = ({ draft, path }: { draft: RuleDraft; path: string }) => (
  <RuleAct
    action={createRuleAction}
    hidden={{ ...draft }}
    submit="Make the rule"
    path={path}
    said={({ opened }) => `The rule is made; ${count(opened, "grant")} opened.`}
  />
);

/** Ends the rule that was previewed. */
export const EndRule = ({ ruleId, path }: { ruleId: string; path: string }) => (
  <RuleAct
    action={deleteRuleAction}
    hidden={{ ruleId }}
    submit="End the rule"
    look="danger"
    path={path}
    said={({ ended }) => `The rule has ended; ${count(ended, "grant")} ended.`}
  />
);

type Props<R> = { action: FormAction<R>; hidden: Record<string, string>; submit: string; look?: "danger"; path: string; said: (result: R) => string };

/** The button under a preview. Done or not, the list without it is where one is next. */
function RuleAct<R>({ path, said, ...form }: Props<R>) {
  const [router, toast] = [useRouter(), useToast()];
  const leave = () => router.push(path);
  return (
    <ActionForm
      {...form}
      onCancel={leave}
      onDone={(result) => {
        toast(said(result));
        leave();
      }}
    >
      {() => null}
    </ActionForm>
  );
}
