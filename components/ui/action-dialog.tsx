"use client";

import { type ReactNode, useState } from "react";
import { ActionForm, type ActionFormProps } from "./action-form";
import { Button, type ButtonLook } from "./button";
import { Dialog } from "./dialog";
import type { IconName } from "./icon";

type Props<R> = Omit<ActionFormProps<R>, "onCancel"> & {
  /** The words on the button that opens it, with an ellipsis: it opens a form. */
  label: string;
  icon?: IconName;
  buttonLook?: ButtonLook;
  title: string;
  /** What stands above the fields: what this does, what it ends. */
  about?: ReactNode;
};

/** A button that opens a dialog with the form of one act; it closes when the act is done. */
export function ActionDialog<R>({ label, icon, buttonLook, title, about, onDone, ...form }: Props<R>) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button look={buttonLook} icon={icon} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog open={isOpen} onClose={() => setOpen(false)} title={title}>
        {about && <div className="mb-4 flex flex-col gap-2">{about}</div>}
        <ActionForm
          {...form}
          onCancel={() => setOpen(false)}
          onDone={(result) => {
            setOpen(false);
            onDone?.(result);
          }}
        />
      </Dialog>
    </>
  );
}
