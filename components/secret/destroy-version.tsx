"use client";

import { DangerAction } from "@/components/ui/action-dialog";
import type { FormAction } from "@/components/ui/form-dialog";

type Props = { action: FormAction<null>; fields: Record<string, string>; name: string; version: number };

/** Ends the values of one earlier version for good. */
export const DestroyVersion = ({ action, fields, name, version }: Props) => (
  <DangerAction
    label="Destroy…"
    accessibleLabel={`Destroy version ${version}…`}
    title={`Destroy version ${version} of ${name}`}
    name={name}
    action={action}
    hidden={{ ...fields, version: String(version) }}
    submit={`Destroy version ${version}`}
    said={() => `Destroyed version ${version} of ${name}.`}
  >
    <p>
      <b>Ends for good:</b> the values of version {version}. It can’t be restored, and logs older than it may show what it held.
    </p>
    <p>
      <b>Stay:</b> that it was there, its keys and uses, all other versions, and the entries of the trail.
    </p>
  </DangerAction>
);
