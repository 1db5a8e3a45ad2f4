"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { Button, type ButtonLook } from "./button";
import { DangerDialog, type FormAction, FormDialog } from "./form-dialog";
import type { IconName } from "./icon";
import { useToast } from "./toast";

type Act<R> = {
  /** The words on the button that opens it, with an ellipsis: it opens a form. */
  label: string;
  /** Its name where the words are the same in every row. */
  accessibleLabel?: string;
  icon?: IconName;
  title: string;
  action: FormAction<R>;
  hidden?: Record<string, string>;
  /** The verb and its object. */
  submit: string;
  /** What the note says afterwards. */
  said?: (result: R) => string;
  onDone?: (result: R) => void;
};

/** The button that opens a dialog, and the dialog's state: when it is done it closes, a note says so and the page is drawn again. */
function useOpened<R>({
  label,
  accessibleLabel,
  icon,
  look,
  said,
  onDone,
}: Pick<Act<R>, "label" | "accessibleLabel" | "icon" | "said" | "onDone"> & { look?: ButtonLook }) {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const button = (
    <Button look={look} icon={icon} aria-label={accessibleLabel} onClick={() => setOpen(true)}>
      {label}
    </Button>
  );
  const dialog = {
    open,
    onClose: () => setOpen(false),
    onDone: (result: R) => {
      setOpen(false);
      if (said) toast(said(result));
      onDone?.(result);
      router.refresh();
    },
  };
  return { button, dialog };
}

type Props<R> = Act<R> & {
  buttonLook?: ButtonLook;
  look?: "primary" | "danger";
  children: (errorOf: (field: string) => string | undefined) => ReactNode;
};

/** A button that opens the form of one act. */
export function ActionDialog<R>({ label, accessibleLabel, icon, buttonLook, said, onDone, ...form }: Props<R>) {
  const { button, dialog } = useOpened({ label, accessibleLabel, icon, look: buttonLook, said, onDone });
  return (
    <>
      {button}
      <FormDialog {...form} {...dialog} />
    </>
  );
}

/** The same for an act that nothing takes back: what ends and what stays, then `name` is typed. */
export function DangerAction<R>({ label, accessibleLabel, icon, said, onDone, ...form }: Act<R> & { name: string; children: ReactNode }) {
  const { button, dialog } = useOpened({ label, accessibleLabel, icon, look: "danger", said, onDone });
  return (
    <>
      {button}
      <DangerDialog {...form} {...dialog} />
    </>
  );
}
