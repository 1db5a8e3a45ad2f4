"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { askRevealAction, revealValues } from "@/app/(console)/[workspace]/secrets/actions";
import { useShell } from "@/components/shell/shell-context";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { describedBy, Field, Textarea } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { Icon } from "@/components/ui/icon";
import { useToast } from "@/components/ui/toast";
import { ExactTime } from "@/components/ui/time";
import { LEAST_REASON, REQUEST_HOURS, type RevealState } from "@/lib/secrets/reveal-schema";

const SHOWN_S = 60;

type Props = { workspace: string; id: string; name: string; reveal: RevealState };
type Revealed = { values: Record<string, string>; version: number; at: string };

/** Asks for a reason, and a second person where one is needed; then shows the values for a minute. They live in this component alone, and go with it. */
export function RevealSecret({ workspace, id, name, reveal }: Props) {
  const router = useRouter();
  const toast = useToast();
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const [revealed, setRevealed] = useState<Revealed | null>(null);
  const approved = reveal.mine?.state === "approved" ? reveal.mine : null;
  const asksFirst = reveal.needsSecond && !approved;
  const ask = (open: boolean) => {
    setReason("");
    setAsking(open);
  };
  const common = { open: isAsking, onClose: () => ask(false), title: asksFirst ? `Ask to see the values of ${name}` : `Reveal the values of ${name}` };
  const missing: Record<string, string> =
    reason.trim().length < LEAST_REASON ? { reason: `Say in a few words what the value is needed for: at least ${LEAST_REASON} characters.` } : {};
  const shown = `The values are shown for ${SHOWN_S} seconds. That you saw them, when and what for, is an entry of the audit trail, and stands among the uses.`;
  const field = (errorOf: (field: string) => string | undefined) => (
    <Field id="reason" label="What you need it for" error={errorOf("reason")}>
      <Textarea
        id="reason"
        name="reason"
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        {...describedBy("reason", undefined, errorOf("reason"))}
      />
    </Field>
  );
  return (
    <>
      {reveal.mine?.state !== "open" && (
        <Button icon="eye" onClick={() => ask(true)}>
          {asksFirst ? "Ask to reveal…" : "Reveal…"}
        </Button>
      )}
      {asksFirst ? (
        <FormDialog
          {...common}
          action={askRevealAction}
          hidden={{ workspace, id }}
          submit="Ask a second person"
          missing={missing}
          onDone={() => {
            ask(false);
            toast("Asked. Who may reveal it sees it in their inbox.");
            router.refresh();
          }}
        >
          {(errorOf) => (
            <>
              <p>In this workspace a reveal needs a second person: somebody else who may reveal this secret decides, within {REQUEST_HOURS} hours.</p>
              {field(errorOf)}
            </>
          )}
        </FormDialog>
      ) : (
        <FormDialog
          {...common}
          action={revealValues}
          hidden={{ workspace, id, ...(approved ? { isApproved: "true" } : {}) }}
          submit="Reveal the values"
          missing={approved ? {} : missing}
          onDone={(result) => {
            ask(false);
            setRevealed({ ...result, at: new Date().toISOString() });
          }}
        >
          {(errorOf) => (
            <>
              <p>{shown}</p>
              {approved ? (
                <p className="text-ink-3">
                  {approved.decidedBy} approved “{approved.reason}”. The approval is spent with this.
                </p>
              ) : (
                field(errorOf)
              )}
            </>
          )}
        </FormDialog>
      )}
      {revealed && (
        <Shown
          name={name}
          revealed={revealed}
          onGone={() => {
            setRevealed(null);
            router.refresh();
          }}
        />
      )}
    </>
  );
}

function Shown({ name, revealed, onGone }: { name: string; revealed: Revealed; onGone: () => void }) {
  const { data } = useShell();
  const [left, setLeft] = useState(SHOWN_S);
  useEffect(() => {
    // By the clock: a page in the background counts slowly.
    const end = Date.now() + SHOWN_S * 1_000;
    const timer = setInterval(() => setLeft(Math.ceil((end - Date.now()) / 1_000)), 250);
    return () => clearInterval(timer);
  }, []);
  const isOver = left <= 0;
  useEffect(() => {
    if (isOver) onGone();
  }, [isOver, onGone]);
  return (
    <Dialog open={!isOver} onClose={onGone} title={`${name}, version ${revealed.version}`}>
      <div className="flex flex-col gap-3">
        <p className="flex items-start gap-2">
          <Icon name="timer" className="mt-0.5 text-warn" />
          <span className="tabular">Gone in {Math.max(0, left)} s. Nothing of it stays in this page.</span>
        </p>
        <dl className="flex flex-col gap-2">
          {Object.entries(revealed.values).map(([key, value]) => (
            <div key={key}>
              <dt className="text-label text-ink-3">{key}</dt>
              <dd className="flex items-start gap-2 rounded-1 border border-rule-strong bg-sunk py-1.5 pr-1 pl-2.5">
                {value === "" ? (
                  <span className="min-w-0 flex-1 text-ink-3">empty</span>
                ) : (
                  <code className="min-w-0 flex-1 break-all whitespace-pre-wrap text-ink select-all">{value}</code>
                )}
                <CopyButton text={value} label={`Copy ${key}`} />
              </dd>
            </div>
          ))}
        </dl>
        <p className="text-meta text-ink-3">
          Revealed to {data.person.name}, <ExactTime at={revealed.at} />.
        </p>
        <div className="flex justify-end">
          <Button look="primary" onClick={onGone}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
