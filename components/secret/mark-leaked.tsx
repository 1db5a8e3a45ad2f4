"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { markAsLeaked } from "@/app/(console)/[workspace]/secrets/actions";
import { Button } from "@/components/ui/button";
import { useClock } from "@/components/ui/clock";
import { describedBy, Field, Input, Textarea } from "@/components/ui/field";
import { DangerDialog } from "@/components/ui/form-dialog";
import { fieldTime, momentIn, zoneName } from "@/components/ui/time-words";
import { useToast } from "@/components/ui/toast";

/** The moment since when, which the preview is made for. */
export function LeakSince({ path, since }: { path: string; since: string }) {
  const router = useRouter();
  const { zone } = useClock();
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        const moment = String(new FormData(event.currentTarget).get("since"));
        if (moment) router.push(`${path}?since=${encodeURIComponent(momentIn(moment, zone))}`);
      }}
    >
      <Field id="since" label={`Known outside since, ${zoneName(zone, Date.parse(since))}`}>
        <Input id="since" name="since" type="datetime-local" required defaultValue={fieldTime(since, zone)} className="w-56" />
      </Field>
      <Button type="submit">Show what it touched</Button>
    </form>
  );
}

/** Asks why, and for the name, before the secret is marked. */
export function MarkLeaked({ workspace, id, name, since, doneHref }: { workspace: string; id: string; name: string; since: string; doneHref: string }) {
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const router = useRouter();
  const toast = useToast();
  return (
    <>
      <Button look="danger" icon="siren" onClick={() => setOpen(true)}>
        Mark as leaked…
      </Button>
      <DangerDialog
        open={isOpen}
        title={`Mark ${name} as leaked`}
        name={name}
        action={markAsLeaked}
        hidden={{ workspace, id, since, reason }}
        submit={`Mark ${name} as leaked`}
        missing={reason.trim().length < 10 ? { reason: "Say in a few words what happened: at least 10 characters." } : {}}
        onClose={() => setOpen(false)}
        onDone={() => {
          toast("Marked the secret as leaked.");
          router.push(doneHref);
          router.refresh();
        }}
      >
        <p>A banner says it on its page with what is left to do. Nothing is rotated or unbound by this: runs go on.</p>
        <Field id="ui-reason" label="What happened">
          <Textarea
            id="ui-reason"
            name="ui-reason"
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            {...describedBy("ui-reason")}
          />
        </Field>
      </DangerDialog>
    </>
  );
}
