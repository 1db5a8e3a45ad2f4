"use client";

import { testValuesAction } from "@/app/(console)/[workspace]/secrets/actions";
import { Button } from "@/components/ui/button";
import { failureWords, useActionCall } from "@/components/ui/use-action-call";
import { TestAnswerLine } from "./test-answer";

type Props = {
  /** What is sent: the kind and values of a form, or the id of a saved secret and a change to it. */
  fields: Record<string, string>;
  isReady: boolean;
  isLarge?: boolean;
};

/** The button that tries what a form says before it is saved, and what came of it. */
export function TryValues({ fields, isReady, isLarge }: Props) {
  const [answer, call, isTrying] = useActionCall(testValuesAction);
  return (
    <>
      <Button size={isLarge ? "lg" : undefined} onClick={() => call(fields)} disabled={isTrying || !isReady}>
        {isTrying ? "Testing it" : "Test it"}
      </Button>
      <p aria-live="polite" className="order-last basis-full empty:hidden">
        {isTrying ? null : answer.status === "done" ? (
          <TestAnswerLine answer={answer.result} />
        ) : answer.status === "error" ? (
          <span className="text-fail">{failureWords(answer)}</span>
        ) : null}
      </p>
    </>
  );
}
