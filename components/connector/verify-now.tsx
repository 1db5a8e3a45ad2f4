"use client";

import { useRouter } from "next/navigation";
import { startTransition, useActionState, useEffect, useRef, useState } from "react";
import { verifyNow } from "@/app/(console)/[workspace]/connectors/actions";
import { isTyping } from "@/components/shell/keys";
import { useShell } from "@/components/shell/shell-context";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Reachable } from "./reachable";

type Props = { workspace: string; id: string; name: string };

/** Tries the connector, by its button or the key `v`, and shows what it reaches. */
export function VerifyNow({ workspace, id, name }: Props) {
  const [state, send, isPending] = useActionState(verifyNow, { status: "idle" });
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const isDone = state.status !== "idle" && !isPending;
  useEffect(() => {
    if (isDone) router.refresh();
  }, [isDone, router]);
  const start = () => {
    setOpen(true);
    const form = new FormData();
    form.set("workspace", workspace);
    form.set("id", id);
    startTransition(() => send(form));
  };
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
        <Dialog open title={`Verify ${name}`} onClose={() => setOpen(false)}>
          <Reachable
            isTrying={isPending}
            answer={state.status === "done" ? state.result : null}
            error={state.status === "error" ? [state.message, state.fix].filter(Boolean).join(" ") : null}
          />
        </Dialog>
      )}
    </>
  );
}
