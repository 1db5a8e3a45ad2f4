"use client";

import { type ReactNode, startTransition, useActionState, useEffect, useRef, useState } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { ErrorSummary, TextField } from "./field";

/** What a server action answers; the same shape as the kernel's ActionState. */
export type FormState<R> =
  | { status: "idle" }
  | { status: "done"; result: R }
  | { status: "error"; code: string; message: string; fix?: string; fields?: Record<string, string>; requestId: string };

export type FormAction<R> = (previous: FormState<R>, form: FormData) => Promise<FormState<R>>;

type Props<R> = {
  action: FormAction<R>;
  /** Sent with every submit, such as the workspace's slug. */
  hidden?: Record<string, string>;
  submit: string;
  look?: "primary" | "danger";
  /** What has to be mended before anything is sent: messages by field. */
  missing?: Record<string, string>;
  onDone: (result: R) => void;
  onCancel?: () => void;
  /** Draws the foot of the form around its button, where it is not the plain one. */
  foot?: (submit: ReactNode) => ReactNode;
  /** `errorOf` gives the error of a field. */
  children: (errorOf: (field: string) => string | undefined) => ReactNode;
};

/** A form over a server action: what was typed stays on an error, and the summary names it with the request id. */
export function ActionForm<R>({ action, hidden = {}, submit, look = "primary", missing, onDone, onCancel, foot, children }: Props<R>) {
  const [state, send, isPending] = useActionState<FormState<R>, FormData>(action, { status: "idle" });
  // Sent before the scripts run, the browser would put the fields into the address.
  const [isReady, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  /** How often sending was tried with something missing: the summary gets the focus each time. */
  const [tries, setTries] = useState(0);
  const summary = useRef<HTMLDivElement>(null);
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => {
    if (state.status === "done") done.current(state.result);
    if (state.status === "error") summary.current?.querySelector<HTMLElement>("[role=alert]")?.focus();
  }, [state]);
  useEffect(() => {
    if (tries > 0) summary.current?.querySelector<HTMLElement>("[role=alert]")?.focus();
  }, [tries]);
  const failure = state.status === "error" && !isPending && tries === 0 ? state : null;
  const fields = tries > 0 ? (missing ?? {}) : (failure?.fields ?? {});
  const errors = Object.entries(fields).map(([field, message]) => ({ field, message }));
  const button = (
    <Button type="submit" look={look} size={foot && "lg"} disabled={isPending || !isReady}>
      {submit}
    </Button>
  );
  return (
    <form
      className="flex flex-col gap-4"
      method="post"
      noValidate
      onSubmit={(event) => {
        // Not by the action property: React would empty the fields after an error.
        event.preventDefault();
        if (missing && Object.keys(missing).length > 0) {
          setTries(tries + 1);
          return;
        }
        setTries(0);
        const form = new FormData(event.currentTarget);
        for (const name of [...form.keys()]) if (name.startsWith("ui-")) form.delete(name); // only for the form's own use
        for (const [name, value] of Object.entries(hidden)) form.set(name, value);
        startTransition(() => send(form));
      }}
    >
      {(failure || (tries > 0 && errors.length > 0)) && (
        <div ref={summary}>
          <ErrorSummary
            title={failure ? (errors.length > 0 ? "Nothing was changed" : failure.message) : "Nothing was sent yet. Mend these first:"}
            errors={errors.length > 0 ? errors : failure?.fix ? [{ message: failure.fix }] : []}
            requestId={failure?.requestId}
          />
        </div>
      )}
      {children((field) => fields[field])}
      {foot ? (
        foot(button)
      ) : (
        // On a phone a long form of a dialog scrolls below its buttons.
        <div className="flex justify-end gap-2 in-[dialog]:max-md:sticky in-[dialog]:max-md:bottom-0 in-[dialog]:max-md:-mx-5 in-[dialog]:max-md:-mb-5 in-[dialog]:max-md:border-t in-[dialog]:max-md:border-rule in-[dialog]:max-md:bg-paper in-[dialog]:max-md:px-5 in-[dialog]:max-md:py-3">
          {onCancel && (
            <Button onClick={onCancel} disabled={isPending}>
              Cancel
            </Button>
          )}
          {button}
        </div>
      )}
    </form>
  );
}

/** The same in a dialog. */
export function FormDialog<R>({ open, title, onClose, ...form }: Omit<Props<R>, "onCancel"> & { open: boolean; title: string; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title={title}>
      <ActionForm {...form} onCancel={onClose} />
    </Dialog>
  );
}

/** A destructive act: what ends and what stays, then the name to type, then the verb with its object. The name is sent as `typedName`. */
export function DangerDialog<R>({
  name,
  children,
  ...form
}: Omit<Props<R>, "onCancel" | "foot" | "look" | "children"> & { open: boolean; title: string; onClose: () => void; name: string; children: ReactNode }) {
  return (
    <FormDialog {...form} look="danger">
      {(errorOf) => (
        <>
          <div className="flex flex-col gap-2">{children}</div>
          <TextField id="typedName" label={`Type ${name}`} autoComplete="off" spellCheck={false} error={errorOf("typedName")} />
        </>
      )}
    </FormDialog>
  );
}
