"use client";

import { useRouter } from "next/navigation";
import { ActionDialog } from "./action-dialog";
import { TextField } from "./field";
import type { FormAction } from "./form-dialog";
import type { IconName } from "./icon";

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
  const router = useRouter();
  return (
    <ActionDialog
      label={label}
      icon={icon}
      buttonLook="ghost"
      title={label}
      action={action}
      hidden={fields}
      submit={label}
      said={() => done}
      onDone={(id) => donePath && router.push(`${donePath}/${id}`)}
    >
      {(errorOf) => (
        <TextField id="new-name" name="name" label="Name" help={help} error={errorOf("name")} defaultValue={initial} maxLength={255} autoComplete="off" />
      )}
    </ActionDialog>
  );
}
