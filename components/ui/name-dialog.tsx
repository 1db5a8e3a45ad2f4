"use client";

import { useRouter } from "next/navigation";
import { useActionState, useEffect, useState } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { ErrorSummary, TextField } from "./field";
import { type FormAction, type FormState, summaryOf } from "./form-errors";
import type { IconName } from "./icon";
import { useToast } from "./toast";

type Props = {
  /** The act and its object: "Copy stack". */
  label: string;
  icon?: IconName;
  help: string;
  initial: string;
  /** The name of the field. */
  field?: string;
  action: FormAction<string>;
  fields: Record<string, string>;
  /** The note afterwards: "Copied as". The new name follows. */
  done: string;
  /** Where one goes afterwards, in front of the id that the action gives; the page itself when left out. */
  donePath?: string;
};

/** A button that asks for a name in a dialog: copies and renames. */
export function NameDialog({ label, icon, help, initial, field = "name", action, fields, done, donePath }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState(initial);
  const [state, submit, isPending] = useActionState<FormState<string>, FormData>(action, { status: "idle" });
  const router = useRouter();
  const toast = useToast();
  const [handled, setHandled] = useState<unknown>(null);
  useEffect(() => {
    if (state.status !== "done" || handled === state) return;
    setHandled(state);
    setOpen(false);
    toast(`${done} ${name}.`);
    if (donePath) router.push(`${donePath}/${state.result}`);
    router.refresh();
  }, [state, handled, toast, router, donePath, done, name]);
  const error = state.status === "error" && !isPending ? state : null;
  return (
    <>
      <Button look="ghost" icon={icon} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog open={isOpen} onClose={() => setOpen(false)} title={label}>
        <form action={submit} className="flex flex-col gap-4">
          {error && !error.fields?.[field] && <ErrorSummary {...summaryOf(error, new Set())} />}
          {Object.entries(fields).map(([key, value]) => (
            <input key={key} type="hidden" name={key} value={value} />
          ))}
          <TextField
            id="new-name"
            name={field}
            label="Name"
            help={help}
            error={error?.fields?.[field]}
            value={name}
            onChange={(event) => setName(event.target.value)}
            maxLength={255}
            autoComplete="off"
          />
          <div className="flex gap-2">
            <Button type="submit" look="primary" disabled={isPending || name.trim() === ""}>
              {label}
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
