"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { Button, type ButtonLook } from "./button";
import type { FormAction } from "./form-dialog";
import type { IconName } from "./icon";
import { useToast } from "./toast";
import { useActionCall } from "./use-action-call";

/** A button that does one thing at once, without a form: what it did is said in a note; an error stays beside it. */
export function ActButton<R>({
  action,
  fields,
  said,
  icon,
  look,
  children,
}: {
  action: FormAction<R>;
  fields: Record<string, string>;
  said: string;
  icon?: IconName;
  look?: ButtonLook;
  children: string;
}) {
  const [state, call, isPending] = useActionCall(action);
  const router = useRouter();
  const toast = useToast();
  const handled = useRef<unknown>(null);
  useEffect(() => {
    if (state.status !== "done" || handled.current === state) return;
    handled.current = state;
    toast(said);
    router.refresh();
  }, [state, said, toast, router]);
  return (
    <span className="inline-flex flex-wrap items-center justify-end gap-2">
      {state.status === "error" && !isPending && (
        <span role="alert" className="text-meta text-fail">
          {state.message}
        </span>
      )}
      <Button icon={icon} look={look} disabled={isPending} onClick={() => call(fields)}>
        {children}
      </Button>
    </span>
  );
}
