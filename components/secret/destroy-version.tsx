"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { destroyVersionAction } from "@/app/(console)/[workspace]/secrets/actions";
import { Button } from "@/components/ui/button";
import { DangerDialog } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";

type Props = { workspace: string; id: string; name: string; version: number };

/** The button and dialog that end the values of one earlier version for good. */
export function DestroyVersion({ workspace, id, name, version }: Props) {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const toast = useToast();
  return (
    <>
      <Button look="danger" aria-label={`Destroy version ${version}…`} onClick={() => setOpen(true)}>
        Destroy…
      </Button>
      <DangerDialog
        open={isOpen}
        title={`Destroy version ${version} of ${name}`}
        name={name}
        action={destroyVersionAction}
        hidden={{ workspace, id, version: String(version) }}
        submit={`Destroy version ${version}`}
        onClose={() => setOpen(false)}
        onDone={() => {
          setOpen(false);
          toast(`Destroyed version ${version} of ${name}.`);
          router.refresh();
        }}
      >
        <p>
          <b>Ends for good:</b> the values of version {version}. It can’t be restored, and logs older than it may show what it held.
        </p>
        <p>
          <b>Stay:</b> that it was there, its keys and uses, all other versions, and the entries of the trail.
        </p>
      </DangerDialog>
    </>
  );
}
