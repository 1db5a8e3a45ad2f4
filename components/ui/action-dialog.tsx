"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { Button, type ButtonLook } from "./button";
import { type FormAction, FormDialog } from "./form-dialog";
import type { IconName } from "./icon";
import { useToast } from "./toast";

type Props<R> = {
  /** The words on the button that opens it, with an ellipsis: it opens a form. */
  label: string;
  icon?: IconName;
  buttonLook?: ButtonLook;
  title: string;
  action: FormAction<R>;
  hidden?: Record<string, string>;
  /** The verb and its object. */
  submit: string;
  look?: "primary" | "danger";
  /** What the note says afterwards. */
  said?: (result: R) => string;
  onDone?: (result: R) => void;
  children: (errorOf: (field: string) => string | undefined) => ReactNode;
};

/** A button that opens the form of one act. When it is done the dialog closes, a note says so and the page is drawn again. */
export function ActionDialog<R>({ label, icon, buttonLook, said, onDone, ...form }: Props<R>) {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const toast = useToast();
  return (
    <>
      <Button look={buttonLook} icon={icon} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <FormDialog
        {...form}
        open={isOpen}
        onClose={() => setOpen(false)}
        onDone={(result) => {
          setOpen(false);
          if (said) toast(said(result));
          onDone?.(result);
          router.refresh();
        }}
      />
    </>
  );
}
