"use client";

import { useRouter } from "next/navigation";
import { createRuleAction, deleteRuleAction } from "@/app/(console)/settings/directory/[directory]/rules/actions";
import { ActionForm } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";
import type { RuleDraft } from "./rule-query";

const count = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;

/** Makes the rule that was previewed. */
export function MakeRule({ draft, path }: { draft: RuleDraft; path: string }) {
  const [router, toast] = [useRouter(), useToast()];
  return (
    <ActionForm
      action={createRuleAction}
      hidden={{ ...draft }}
      submit="Make the rule"
      onCancel={() => router.push(path)}
      onDone={({ opened }) => {
        toast(`The rule is made; ${count(opened, "grant")} opened.`);
        router.push(path);
      }}
    >
      {() => null}
    </ActionForm>
  );
}

/** Ends the rule that was previewed. */
export function EndRule({ ruleId, path }: { ruleId: string; path: string }) {
  const [router, toast] = [useRouter(), useToast()];
  return (
    <ActionForm
      action={deleteRuleAction}
      hidden={{ ruleId }}
      submit="End the rule"
      look="danger"
      onCancel={() => router.push(path)}
      onDone={({ ended }) => {
        toast(`The rule has ended; ${count(ended, "grant")} ended.`);
        router.push(path);
      }}
    >
      {() => null}
    </ActionForm>
  );
}
