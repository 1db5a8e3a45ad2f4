"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, startTransition, useActionState, useEffect, useRef } from "react";
import { Button, type ButtonLook } from "./button";
import { ErrorSummary } from "./field";
import type { FormAction } from "./form-state";
import { useToast } from "./toast";

export type ActionFormProps<R> = {
  action: FormAction<R>;
  /** Fields that the person does not see: the workspace, the id of what is changed. Empty ones are left out. */
  hidden?: Record<string, string | null | undefined>;
  /** The verb and its object. */
  submit: ReactNode;
  look?: ButtonLook;
  /** False while the form can't be sent yet. */
  isReady?: boolean;
  onCancel?: () => void;
  /** Called once after it is done; the page is drawn again. */
  onDone?: (result: R) => void;
  /** What the note says afterwards. */
  said?: (result: R) => string;
  /** The fields, with the message of each that was refused. */
  children?: (errors: Record<string, string>) => ReactNode;
};

/** A form of one server action: its errors in a summary with links to the fields, its values kept when it is refused. */
export function ActionForm<R>({ action, hidden, submit, look = "primary", isReady = true, onCancel, onDone, said, children }: ActionFormProps<R>) {
  const [state, send, isPending] = useActionState(action, { status: "idle" });
  const summary = useRef<HTMLDivElement>(null);
  const router = useRouter();
  const toast = useToast();
  const after = useRef({ onDone, said });
  after.current = { onDone, said };
  useEffect(() => {
    if (state.status === "error") summary.current?.querySelector<HTMLElement>("[role=alert]")?.focus();
    if (state.status !== "done") return;
    const { onDone, said } = after.current;
    if (said) toast(said(state.result as R));
    onDone?.(state.result as R);
    router.refresh();
  }, [state, router, toast]);
  const errors = state.status === "error" && !isPending ? (state.fields ?? {}) : {};
  const listed = Object.entries(errors).map(([field, message]) => ({ field, message }));
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        // Sent by hand: React would empty the fields of a form that is refused.
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        for (const [name, value] of Object.entries(hidden ?? {})) if (value) form.set(name, value);
        startTransition(() => send(form));
      }}
    >
      {state.status === "error" && !isPending && (
        <div ref={summary}>
          <ErrorSummary
            title={
              [listed.length === 1 && listed[0]?.message === state.message ? "" : state.message, state.fix].filter(Boolean).join(" ") || "This was not done."
            }
            errors={listed}
            requestId={state.requestId}
          />
        </div>
      )}
      {children?.(errors)}
      <div className="flex justify-end gap-2">
        {onCancel && (
          <Button look="ghost" onClick={onCancel}>
            Cancel
          </Button>
        )}
        <Button type="submit" look={look} disabled={isPending || !isReady}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
