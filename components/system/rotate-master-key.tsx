"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { rotateMasterKeyAction } from "@/app/(console)/settings/system/actions";
import { ActButton } from "@/components/ui/act-button";
import { Button } from "@/components/ui/button";
import { FormDialog } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";
import type { MasterKeys } from "@/lib/master-key/schema";

/** Begins the move to another master key, after it was said where that comes from; or goes on with one that stopped. */
export function RotateMasterKey({ found: { move, next, sealed } }: { found: MasterKeys }) {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const toast = useToast();
  if (move && move.failed === 0) return null;
  if (move)
    return (
      <ActButton action={rotateMasterKeyAction} fields={{}} look="primary" said="The move goes on.">
        Go on
      </ActButton>
    );
  return (
    <>
      <Button icon="rotate-cw" look="primary" disabled={sealed !== null} onClick={() => setOpen(true)}>
        Rotate master key…
      </Button>
      <FormDialog
        open={isOpen}
        title="Rotate the master key"
        onClose={() => setOpen(false)}
        action={rotateMasterKeyAction}
        submit="Rotate"
        onDone={() => {
          setOpen(false);
          toast("The move has begun.");
          router.refresh();
        }}
      >
        {() => (
          <div className="flex flex-col gap-2">
            <p>{NEXT[next ?? "environment"]}</p>
            <p className="text-ink-2">
              New values are sealed under the new key at once; the others are moved in the background, and can be read all the time. The old key ends when
              nothing is left under it. Backups from before still need it, and backups from now on need the new one: save it.
            </p>
          </div>
        )}
      </FormDialog>
    </>
  );
}

const NEXT = {
  file: "A new key is made in the folder keys of the data folder.",
  outside: "A new key is made and sealed by the outside key service, without which nobody opens it.",
  waiting: "The key that waits becomes the one that seals.",
  environment:
    "The key comes from the environment. Set REEVE_MASTER_KEY to a new key and put the present one into REEVE_OLD_MASTER_KEYS, restart, and come back: the new one then waits here.",
};
