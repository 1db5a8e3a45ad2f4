"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { applyHoldAction, discardHoldAction } from "@/app/(console)/settings/directory/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { Button } from "@/components/ui/button";
import { DangerDialog } from "@/components/ui/form-dialog";
import { countWords } from "@/components/ui/time-words";
import { useToast } from "@/components/ui/toast";

type Props = { directory: { id: string; name: string }; holdId: string; people: number };

const peopleWords = (people: number) => `${countWords(people)} ${people === 1 ? "person" : "people"}`;

/** The decision on held removals: none of them, or all, with the directory's name typed. */
export function HoldActs({ directory, holdId, people }: Props) {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const hidden = { directoryId: directory.id, holdId };
  return (
    <>
      <ActionDialog
        label="Discard…"
        title={`Discard what ${directory.name} would end`}
        action={discardHoldAction}
        hidden={hidden}
        submit="Discard the removals"
        said={(done) => `Discarded: ${peopleWords(done.people)} keep their access.`}
      >
        {() => (
          <p>
            {peopleWords(people)} keep their access, although {directory.name} says otherwise; the drift view lists them. When it sends the same again within a
            day it is refused, and judged anew after that. Mend it there first.
          </p>
        )}
      </ActionDialog>
      <Button look="danger" onClick={() => setOpen(true)}>
        Apply…
      </Button>
      <DangerDialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title={`End the access of ${peopleWords(people)}`}
        name={directory.name}
        action={applyHoldAction}
        hidden={hidden}
        submit="Apply the removals"
        onDone={(done) => {
          setOpen(false);
          toast(`Applied: access ended for ${peopleWords(done.people)}.`);
          router.refresh();
        }}
      >
        <p>
          All that is listed on this page ends with their next request: accounts with their sessions, tokens, devices and keys, and what the groups gave. Grants
          stay on record; an account comes back when the directory says so.
        </p>
      </DangerDialog>
    </>
  );
}
