"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { Button } from "./button";
import { DangerDialog, type FormAction } from "./form-dialog";
import { useToast } from "./toast";

type Props<R> = {
  /** The kind of thing: "stack". */
  noun: string;
  /** What has to be typed; the action takes it as `typedName`. */
  name: string;
  action: FormAction<R>;
  /** What the action needs beside the typed name: ids, the workspace. */
  fields: Record<string, string>;
  /** What ends, what falls with it, what stays. */
  preview: ReactNode;
  /** Where one is afterwards. */
  doneHref: string;
};

/** A button that opens a preview and asks for the typed name before it deletes. */
export function TypedDelete<R>({ noun, name, action, fields, preview, doneHref }: Props<R>) {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const toast = useToast();
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        Delete this {noun}…
      </Button>
      <DangerDialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title={`Delete the ${noun} ${name}`}
        name={name}
        action={action}
        hidden={fields}
        submit={`Delete ${name}`}
        onDone={() => {
          toast(`Deleted the ${noun} ${name}.`);
          router.push(doneHref);
          router.refresh();
        }}
      >
        {preview}
      </DangerDialog>
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
