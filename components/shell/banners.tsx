"use client";

import { useActionState, useEffect } from "react";
import { endViewAction } from "@/app/(console)/access/view-actions";
import { endEmergency } from "@/app/(console)/emergency/actions";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Time } from "@/components/ui/time";
import type { Notice } from "@/lib/organizations/schema";
import { useShell } from "./shell-context";

const AT_MOST = 2;

/** What every page says under the top bar: at most two, the most severe first. */
export function Banners() {
  const { state } = useShell();
  return (
    <div className="print-hidden">
      {state.notices.slice(0, AT_MOST).map((notice) => (
        <OneBanner key={notice.kind === "emergency" ? notice.id : notice.kind} notice={notice} />
      ))}
    </div>
  );
}

function OneBanner({ notice }: { notice: Notice }) {
  switch (notice.kind) {
    case "emergency":
      return <Emergency notice={notice} />;
    case "viewing":
      return <Viewing notice={notice} />;
    case "sealed":
      return (
        <Banner tone="warn" icon="lock">
          Sealed: a master key is missing. Values of secrets and single sign-on wait until it is put back; everything else works.
        </Banner>
      );
    case "impaired":
      return (
        <Banner tone="warn" icon="unplug">
          Background work waits since <Time at={notice.since} />: mail, clean-up and jobs are late. Look at the worker’s log.
        </Banner>
      );
  }
}

function Viewing({ notice }: { notice: Extract<Notice, { kind: "viewing" }> }) {
  const [answer, submit, isPending] = useActionState(endViewAction, { status: "idle" });
  useEffect(() => {
    if (answer.status === "done") window.location.reload(); // nothing that was drawn for the role stays
  }, [answer]);
  return (
    <Banner
      tone="ink"
      icon="eye"
      end={
        <form action={submit}>
          <Button type="submit" disabled={isPending} className="max-md:h-8">
            {isPending ? "Ending" : "End"}
          </Button>
        </form>
      }
    >
      Viewing as <b>{notice.as}</b>, with no more than your own rights, until <Time at={notice.until} />. Nothing can be changed.
      {answer.status === "error" && ` ${answer.message} Request ${answer.requestId}`}
    </Banner>
  );
}

function Emergency({ notice }: { notice: Extract<Notice, { kind: "emergency" }> }) {
  const { refresh } = useShell();
  const [answer, submit, isPending] = useActionState(endEmergency, { status: "idle" });
  useEffect(() => {
    if (answer.status !== "done") return;
    if (notice.isMine) window.location.assign("/sign-in");
    else refresh();
  }, [answer, notice.isMine, refresh]);
  return (
    <Banner
      tone="fail"
      icon="siren"
      end={
        <form action={submit}>
          <input type="hidden" name="id" value={notice.id} />
          <Button type="submit" look="danger" disabled={isPending} className="max-md:h-8">
            {isPending ? "Ending" : "End now"}
          </Button>
        </form>
      }
    >
      Emergency session: <b>{notice.isMine ? "you" : notice.name}</b>
      {notice.address && <> from {notice.address}</>}, until <Time at={notice.until} />.
      {answer.status === "error" && ` ${answer.message} Request ${answer.requestId}`}
    </Banner>
  );
}
