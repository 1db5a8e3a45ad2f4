"use client";

import { useRouter } from "next/navigation";
import { createRuleAction, deleteRuleAction, withdrawRuleAction } from "@/app/(console)/settings/directory/[directory]/rules/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { ActionForm, type FormAction } from "@/components/ui/form-dialog";
import { counted } from "@/components/ui/time-words";
import { useToast } from "@/components/ui/toast";
import type { RuleDraft } from "./rule-query";

/** Makes the rule that was previewed. */
export const MakeRule = ({ draft, path }: { draft: RuleDraft; path: string }) => (
  <RuleAct
    action={createRuleAction}
    hidden={{ ...draft }}
    submit="Make the rule"
    path={path}
    said={({ opened }) => `The rule is made; ${counted(opened, "grant")} opened.`}
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
    said={({ ended }) => `The rule has ended; ${counted(ended, "grant")} ended.`}
  />
);

/** Withdraws a rule that waits for its group. */
export const WithdrawRule = ({ ruleId, group }: { ruleId: string; group: string }) => (
  <ActionDialog
    label="Withdraw…"
    buttonLook="ghost"
    title={`Withdraw the rule for ${group}`}
    action={withdrawRuleAction}
    hidden={{ ruleId }}
    submit="Withdraw the rule"
    look="danger"
    said={(result) => `${result.group} gets nothing by it when it comes.`}
  >
    {() => (
      <p>Nobody has anything by it yet. The group gives nothing by it when the directory sends it, and applying the set-up file again doesn’t bring it back.</p>
    )}
  </ActionDialog>
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
