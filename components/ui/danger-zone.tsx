"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useActionState, useEffect, useState } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { ErrorSummary, TextField } from "./field";
import { type FormAction, type FormState, summaryOf } from "./form-errors";
import { useToast } from "./toast";

type Props<R> = {
  /** The kind of thing: "stack". */
  noun: string;
  /** What has to be typed. */
  name: string;
  /** What the act is called: "Delete". Its past: "Deleted". */
  verb?: string;
  past?: string;
  action: FormAction<R>;
  /** What the action needs beside the typed name: ids, the workspace. */
  fields: Record<string, string>;
  /** What ends, what falls with it, what stays. */
  preview: ReactNode;
  /** Where one is afterwards. */
  doneHref: string;
};

/** A button that opens a preview and asks for the typed name before it acts. */
export function TypedDelete<R>({ noun, name, verb = "Delete", past = "Deleted", action, fields, preview, doneHref }: Props<R>) {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const [state, submit, isPending] = useActionState<FormState<R>, FormData>(action, { status: "idle" });
  const router = useRouter();
  const toast = useToast();
  useEffect(() => {
    if (state.status !== "done") return;
    toast(`${past} the ${noun} ${name}.`);
    router.push(doneHref);
    router.refresh();
  }, [state, toast, router, doneHref, past, noun, name]);
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        {verb} this {noun}…
      </Button>
      <Dialog open={isOpen} onClose={() => setOpen(false)} title={`${verb} the ${noun} ${name}`}>
        <form action={submit} className="flex flex-col gap-4">
          {state.status === "error" && !isPending && <ErrorSummary {...summaryOf(state, new Set())} />}
          {Object.entries(fields).map(([key, value]) => (
            <input key={key} type="hidden" name={key} value={value} />
          ))}
          <div className="flex flex-col gap-2">{preview}</div>
          <TextField
            id="typed-name"
            name="$ACTION_typed"
            label={`Type ${name} to go on`}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            spellCheck={false}
          />
          <div className="flex gap-2">
            <Button type="submit" look="danger" disabled={typed !== name || isPending || state.status === "done"}>
              {verb} {name}
            </Button>
            <Button look="ghost" onClick={() => setOpen(false)}>
              Cancel
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

/** The last section of a page: what can't be taken back. */
export function DangerZone({ children, text }: { children: ReactNode; text: ReactNode }) {
  return (
    <section aria-labelledby="danger-zone" className="mt-8 max-w-[720px] border-t border-fail pt-3">
      <h2 id="danger-zone" className="text-section">
        Danger zone
      </h2>
      <div className="mt-2 flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="max-w-[60ch]">{text}</div>
        {children}
      </div>
    </section>
  );
}
