"use client";

import { startTransition, useActionState, useCallback } from "react";
import type { FormAction, FormState } from "./form-dialog";

/** Calls a server action outside of a form: what it answered last, the call with its fields, and whether one is under way. */
export function useActionCall<R>(action: FormAction<R>): [FormState<R>, (fields: Record<string, string>) => void, boolean] {
  const [state, send, isPending] = useActionState<FormState<R>, FormData>(action, { status: "idle" });
  const call = useCallback(
    (fields: Record<string, string>) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      startTransition(() => send(form));
    },
    [send],
  );
  return [state, call, isPending];
}

/** What an answer says went wrong, in one line; null when nothing did. */
export const failureWords = (state: FormState<unknown>): string | null =>
  state.status === "error" ? [state.message, state.fix].filter(Boolean).join(" ") : null;
