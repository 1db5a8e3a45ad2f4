"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { FormAction } from "@/components/ui/form-dialog";
import { failureWords, useActionCall } from "@/components/ui/use-action-call";

/** A try of something outside whose answer is shown in a dialog; the page behind it is read again, since the try is kept there. */
export function useTrial<R>(action: FormAction<R>, fields: Record<string, string>) {
  const [state, call, isPending] = useActionCall(action);
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const isDone = state.status !== "idle" && !isPending;
  useEffect(() => {
    if (isDone) router.refresh();
  }, [isDone, router]);
  return {
    isOpen,
    isPending,
    result: state.status === "done" ? state.result : null,
    error: failureWords(state),
    start: () => {
      setOpen(true);
      call(fields);
    },
    close: () => setOpen(false),
  };
}
