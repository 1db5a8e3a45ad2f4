"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { destroyValues } from "@/app/(console)/[workspace]/secrets/actions";
import { Button } from "@/components/ui/button";
import { DangerDialog } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";

/** The button and dialog that end the values of a deleted secret for good. */
export function DestroySecret({ workspace, id, name }: { workspace: string; id: string; name: string }) {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const toast = useToast();
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        Destroy…
      </Button>
      <DangerDialog
        open={isOpen}
        title={`Destroy ${name}`}
        name={name}
        action={destroyValues}
        hidden={{ workspace, id }}
        submit="Destroy values"
        onClose={() => setOpen(false)}
        onDone={() => {
          setOpen(false);
          toast(`Destroyed the values of ${name}.`);
          router.refresh();
        }}
      >
        <p>
          <b>Ends for good:</b> its values, in every version. Nothing brings them back but a backup of the database with its master key.
        </p>
        <p>
          <b>Stay:</b> its name, versions and uses as records, and the entries of the trail.
        </p>
      </DangerDialog>
    </>
  );
}
