"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { clearLeakMark } from "@/app/(console)/[workspace]/secrets/actions";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { describedBy, Field, Textarea } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import { useToast } from "@/components/ui/toast";
import type { OpenLeak } from "@/lib/secrets/leak-schema";

type Props = { workspace: string; id: string; name: string; leak: OpenLeak; mayClear: boolean };

/** Across the page of a leaked secret: since when, and what of the plan is left. */
export function LeakBanner({ workspace, id, name, leak, mayClear }: Props) {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const ended = leak.bindings.of - leak.bindings.left;
  const steps = [
    { isDone: leak.isRotated, text: leak.isRotated ? "rotated" : "not rotated" },
    { isDone: leak.bindings.left === 0, text: `${countWords(Math.max(0, ended))} of ${counted(leak.bindings.of, "binding")} ended` },
    {
      isDone: leak.runsGoing === 0,
      text: leak.runsGoing === 0 ? "no run holds it" : `${counted(leak.runsGoing, "run holds", "runs hold")} it`,
    },
  ];
  return (
    <>
      <Banner
        tone="fail"
        icon="siren"
        end={
          mayClear && (
            <Button look="ghost" onClick={() => setOpen(true)}>
              Take the mark away…
            </Button>
          )
        }
      >
        <b>Leaked</b> since <Time at={leak.since} />, says {leak.by ?? "somebody"}: {leak.reason} Plan: {steps.filter((step) => step.isDone).length} of{" "}
        {steps.length} done: {steps.map((step) => step.text).join(", ")}. It could have touched {counted(leak.touched.runs.could, "run")},{" "}
        {counted(leak.touched.artifacts.could, "artifact version")} and {counted(leak.touched.models.could, "model version")}.
      </Banner>
      <FormDialog
        open={isOpen}
        title={`${name} is not leaked, or no longer`}
        action={clearLeakMark}
        hidden={{ workspace, id }}
        submit="Take the mark away"
        onClose={() => setOpen(false)}
        onDone={() => {
          setOpen(false);
          toast("Took the mark away.");
          router.refresh();
        }}
      >
        {(errorOf) => (
          <Field id="reason" label="Why" help="It was a mistake, or the plan is done. The entries of both stay." error={errorOf("reason")}>
            <Textarea id="reason" name="reason" maxLength={500} {...describedBy("reason", "help", errorOf("reason"))} />
          </Field>
        )}
      </FormDialog>
    </>
  );
}
