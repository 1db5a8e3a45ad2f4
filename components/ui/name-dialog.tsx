"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "./button";
import { TextField } from "./field";
import { type FormAction, FormDialog } from "./form-dialog";
import type { IconName } from "./icon";
import { useToast } from "./toast";

type Props = {
  /** The act and its object: "Copy stack". */
  label: string;
  icon?: IconName;
  help: string;
  initial: string;
  action: FormAction<string>;
  fields: Record<string, string>;
  /** The note afterwards: "Copied the stack." */
  done: string;
  /** Where one goes afterwards, in front of the id that the action gives; the page itself when left out. */
  donePath?: string;
};

/** A button that asks for a name in a dialog: copies and renames. The action takes it as `name`. */
export function NameDialog({ label, icon, help, initial, action, fields, done, donePath }: Props) {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const finish = (id: string) => {
    setOpen(false);
    toast(done);
    if (donePath) router.push(`${donePath}/${id}`);
    router.refresh();
  };
  return (
    <>
      <Button look="ghost" icon={icon} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <FormDialog open={isOpen} onClose={() => setOpen(false)} title={label} action={action} hidden={fields} submit={label} onDone={finish}>
        {(errorOf) => (
          <TextField id="new-name" name="name" label="Name" help={help} error={errorOf("name")} defaultValue={initial} maxLength={255} autoComplete="off" />
        )}
      </FormDialog>
    </>
  );
}
