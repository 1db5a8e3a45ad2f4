"use client";

import { applyHoldAction, discardHoldAction } from "@/app/(console)/settings/directory/actions";
import { ActionDialog, DangerAction } from "@/components/ui/action-dialog";
import { counted } from "@/components/ui/time-words";

type Props = { directory: { id: string; name: string }; holdId: string; people: number };

/** The decision on held removals: none of them, or all, with the directory's name typed. */
export function HoldActs({ directory, holdId, people }: Props) {
  const hidden = { directoryId: directory.id, holdId };
  return (
    <>
      <ActionDialog
        label="Discard…"
        title={`Discard what ${directory.name} would end`}
        action={discardHoldAction}
        hidden={hidden}
        submit="Discard the removals"
        said={(done) => `Discarded: ${counted(done.people, "person keeps", "people keep")} their access.`}
      >
        {() => (
          <p>
            {counted(people, "person keeps", "people keep")} their access, although {directory.name} says otherwise; the drift view lists them. When it sends
            the same again within a day it is refused, and judged anew after that. Mend it there first.
          </p>
        )}
      </ActionDialog>
      <DangerAction
        label="Apply…"
        title={`End the access of ${counted(people, "person", "people")}`}
        name={directory.name}
        action={applyHoldAction}
        hidden={hidden}
        submit="Apply the removals"
        said={(done) => `Applied: access ended for ${counted(done.people, "person", "people")}.`}
      >
        <p>
          All that is listed on this page ends with their next request: accounts with their sessions, tokens, devices and keys, and what the groups gave. Grants
          stay on record; an account comes back when the directory says so.
        </p>
      </DangerAction>
    </>
  );
}
