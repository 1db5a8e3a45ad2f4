"use client";

import { destroyValues } from "@/app/(console)/[workspace]/secrets/actions";
import { DangerAction } from "@/components/ui/action-dialog";

/** Ends the values of a deleted secret for good. */
export const DestroySecret = ({ workspace, id, name }: { workspace: string; id: string; name: string }) => (
  <DangerAction
    label="Destroy…"
    title={`Destroy ${name}`}
    name={name}
    action={destroyValues}
    hidden={{ workspace, id }}
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
