"use client";

import { useState } from "react";
import { Button, ButtonLink } from "./button";
import { type FormAction, FormDialog } from "./form-dialog";
import { Textarea, describedBy, Field } from "./field";
import { Icon } from "./icon";
import { Popover } from "./popover";
import { useToast } from "./toast";
import { UntilField } from "./until-field";

/** Asking for what was refused: the action that opens the request, what it sends, and who decides. */
export type Ask = { action: FormAction<{ id: string }>; hidden: Record<string, string>; decides: string };

export type Refusal = {
  /** What is not allowed: "Deleting runs is not in your role". */
  title: string;
  /** The person's role here, in words, or null when there is none. */
  yourRole: string | null;
  /** Where that role comes from and since when, in words. */
  source?: string;
  /** The smallest role that would allow it, in words. */
  neededRole: string | null;
  /** Left out where asking would not help. */
  ask?: Ask;
  /** The page that explains the decision. */
  whyHref?: string;
};

/** The sentence of a refusal: what you are here, and what would allow it. */
export function RefusalText({ refusal }: { refusal: Omit<Refusal, "title"> }) {
  return (
    <p>
      {refusal.yourRole ? (
        <>
          You are <b>{refusal.yourRole}</b> here{refusal.source ? `, ${refusal.source}` : ""}.
        </>
      ) : (
        "You hold no role here."
      )}
      {refusal.neededRole && (
        <>
          {" "}
          <b>{refusal.neededRole}</b> would allow it.
        </>
      )}
    </p>
  );
}

/** "Ask for it" and "Why?": the two ways on from a refusal. */
export function RefusalActions({ refusal }: { refusal: Refusal }) {
  const [isAsking, setAsking] = useState(false);
  const toast = useToast();
  const { ask, whyHref, neededRole } = refusal;
  if (!ask && !whyHref) return null;
  return (
    <div className="flex gap-2 pt-3">
      {ask && (
        <>
          <Button look="primary" onClick={() => setAsking(true)}>
            Ask for it
          </Button>
          <FormDialog
            open={isAsking}
            title={`Ask for ${neededRole ?? "access"}`}
            action={ask.action}
            hidden={ask.hidden}
            submit="Send the request"
            onClose={() => setAsking(false)}
            onDone={() => {
              setAsking(false);
              toast("Asked. You see the answer under Access, Requests.");
            }}
          >
            {(errorOf) => (
              <>
                <p>
                  {ask.decides} {ask.decides.includes(" or ") ? "decide" : "decides"}; never you yourself. What you get ends by itself when you name an end.
                </p>
                <Field id="ask-reason" label="What you need it for" error={errorOf("reason")}>
                  <Textarea id="ask-reason" name="reason" maxLength={500} {...describedBy("ask-reason", undefined, errorOf("reason"))} />
                </Field>
                <UntilField id="ask-until" first="1d" error={errorOf("until")} />
              </>
            )}
          </FormDialog>
        </>
      )}
      {whyHref && <ButtonLink href={whyHref}>Why?</ButtonLink>}
    </div>
  );
}

/** A control that the person may see but not use: it stays in place, keeps its focus and explains itself. */
export function RefusedControl({ label, refusal }: { label: string; refusal: Refusal }) {
  return (
    <Popover
      label={refusal.title}
      trigger={
        <button
          type="button"
          aria-disabled="true"
          className="inline-flex h-7 shrink-0 cursor-not-allowed items-center gap-1.5 whitespace-nowrap rounded-1 border border-dashed border-rule-strong bg-sunk px-2.5 font-medium text-ink-3 max-md:h-10"
        >
          <Icon name="lock" size={14} />
          {label}
        </button>
      }
    >
      <h3 className="flex items-center gap-2 pb-1 text-section">
        <Icon name="lock" />
        {refusal.title}
      </h3>
      <RefusalText refusal={refusal} />
      <RefusalActions refusal={refusal} />
    </Popover>
  );
}
