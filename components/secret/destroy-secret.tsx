"use client";

import { DangerAction } from "@/components/ui/action-dialog";
import type { FormAction } from "@/components/ui/form-dialog";

/** Ends the values of a deleted secret for good. */
export const DestroySecret = ({ action, fields, name }: { action: FormAction<null>; fields: Record<string, string>; name: string }) => (
  <DangerAction
    label="Destroy…"
    title={`Destroy ${name}`}
    name={name}
    action={action}
    hidden={fields}
    submit="Destroy values"
    said={() => `Destroyed the values of ${name}.`}
  >
    <p>
      <b>Ends for good:</b> its values, in every version. Nothing brings them back but a backup of the database with its master key.
    </p>
    <p>
      <b>Stay:</b> its name, versions and uses as records, and the entries of the trail.
    </p>
  </DangerAction>
);
