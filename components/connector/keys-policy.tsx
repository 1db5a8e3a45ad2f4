"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { setPolicy } from "@/app/(console)/[workspace]/connectors/actions";
import { Button } from "@/components/ui/button";
import { FormDialog } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";

type Props = { workspace: string; keysLeave: boolean; mayChange: boolean };

/** Whether long-lived keys leave this workspace, and the dialog that changes it. */
export function KeysPolicy({ workspace, keysLeave, mayChange }: Props) {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const words = keysLeave ? "Long-lived keys may leave" : "No long-lived key leaves";
  if (!mayChange) return <span className="text-meta text-ink-3">{words}</span>;
  return (
    <>
      <Button icon="shield-check" onClick={() => setOpen(true)}>
        {words}
      </Button>
      {isOpen && (
        <FormDialog
          open
          title={keysLeave ? "Keep long-lived keys here?" : "Let long-lived keys leave?"}
          action={setPolicy}
          hidden={{ workspace, longLivedKeysLeave: String(!keysLeave) }}
          submit={keysLeave ? "Keep them here" : "Let them leave"}
          look={keysLeave ? "primary" : "danger"}
          onClose={() => setOpen(false)}
          onDone={() => {
            setOpen(false);
            toast(keysLeave ? "No long-lived key leaves from now on." : "Long-lived keys may leave from now on.");
            router.refresh();
          }}
        >
          {() => (
            <p>
              {keysLeave
                ? "From then on clients get short-lived credentials only. Connectors whose method has none are refused to them."
                : "Some methods have no short-lived credentials: an AWS secret key, a registry’s password. Clients then get the keys themselves, and nobody can take them back. Each time is recorded."}
            </p>
          )}
        </FormDialog>
      )}
    </>
  );
}
