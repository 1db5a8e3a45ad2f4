"use client";

import { useEffect, useRef } from "react";
import { verifyNow } from "@/app/(console)/[workspace]/connectors/actions";
import { useTrial } from "@/components/provider/use-trial";
import { isTyping } from "@/components/shell/keys";
import { useShell } from "@/components/shell/shell-context";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Reachable } from "./reachable";

type Props = { workspace: string; id: string; name: string };

/** Tries the connector, by its button or the key `v`, and shows what it reaches. */
export function VerifyNow({ workspace, id, name }: Props) {
  const { isOpen, isPending, result, error, start, close } = useTrial(verifyNow, { workspace, id });
  const { preferences } = useShell();
  const started = useRef(start);
  started.current = start;
  useEffect(() => {
    if (!preferences.hasKeys) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "v" && !event.repeat && !isTyping(event)) started.current();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [preferences.hasKeys]);
  return (
    <>
      <Button icon="circle-check" onClick={start}>
        Verify
      </Button>
      {isOpen && (
        <Dialog open title={`Verify ${name}`} onClose={close}>
          <Reachable isTrying={isPending} answer={result} error={error} />
        </Dialog>
      )}
    </>
  );
}
