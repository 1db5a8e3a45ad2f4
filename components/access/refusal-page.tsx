"use client";

import { usePathname } from "next/navigation";
import { useEffect, useState } from "react";
import { requestAccessAction } from "@/app/(console)/access/actions";
import { Button, ButtonLink } from "@/components/ui/button";
import { useClock } from "@/components/ui/clock";
import { RefusalActions, RefusalText } from "@/components/ui/refused";
import { MessagePage } from "@/components/ui/states";
import { type PageRefusal, sourceWord } from "@/lib/access/schema";

type Answer = {
  suspended?: { workspace: string; since: string | null; by: string | null; canRestore: boolean };
  refusal?: PageRefusal | null;
  workspace?: string | null;
  projectId?: string | null;
};

/** The 403 page: the refused popover as a page. It asks what was refused, as it is drawn before that is known. */
export function RefusalPage() {
  const path = usePathname();
  const day = dayIn(useClock().zone);
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    let isCurrent = true;
    fetch(`/api/refusal?path=${encodeURIComponent(path)}`)
      .then((response) => (response.ok ? (response.json() as Promise<Answer>) : {}))
      .catch(() => ({}))
      .then((found) => isCurrent && setAnswer(found));
    return () => {
      isCurrent = false;
    };
  }, [path]);
  const suspended = answer?.suspended;
  if (suspended)
    return (
      <MessagePage icon="circle-pause" title={`${suspended.workspace} is suspended`}>
        <p className="max-w-[60ch]">
          {suspended.since ? `Since ${day(suspended.since)}` : "For now"}
          {suspended.by ? ` by ${suspended.by}` : ""}. Nothing in it can be read or changed, and its clients and keys are refused; everything is kept.
        </p>
        <div className="flex gap-2">
          {suspended.canRestore && <ButtonLink href={`/workspaces/${suspended.workspace}`}>Restore it</ButtonLink>}
          <ButtonLink href="/" icon="house">
            Home
          </ButtonLink>
        </div>
      </MessagePage>
    );
  const refusal = answer?.refusal;
  const needed = refusal?.needed;
  const scope = needed?.scope;
  return (
    <MessagePage icon="lock" title="Your role does not allow this">
      {refusal ? (
        <>
          <RefusalText
            refusal={{
              yourRole: refusal.yourRole,
              source: refusal.source && refusal.since ? `from ${sourceWord(refusal.source).toLowerCase()}, since ${day(refusal.since)}` : undefined,
              neededRole: needed?.title ?? null,
            }}
          />
          <p className="max-w-[60ch] text-ink-3">
            It needs <code className="text-ink-2">{refusal.permission}</code>. This refusal is № {refusal.seq} of the audit trail.
          </p>
          <RefusalActions
            refusal={{
              title: "Your role does not allow this",
              yourRole: refusal.yourRole,
              neededRole: needed?.title ?? null,
              ask:
                needed && scope
                  ? {
                      action: requestAccessAction,
                      hidden: {
                        role: needed.role,
                        scope,
                        permission: refusal.permission,
                        thing: path,
                        ...(scope === "organization" ? {} : { workspace: answer?.workspace ?? "" }),
                        ...(scope === "project" && answer?.projectId ? { projectId: answer.projectId } : {}),
                      },
                      decides: scope === "organization" ? "A System Admin" : "A Workspace Admin of this workspace or a System Admin",
                    }
                  : undefined,
              whyHref: `${answer?.workspace ? `/${answer.workspace}` : ""}/access/why?who=me&what=${encodeURIComponent(refusal.permission)}`,
            }}
          />
        </>
      ) : (
        <p className="max-w-[60ch]">
          You may see this page’s subject, but not open this page. This refusal was written to the audit trail. A Workspace Admin or System Admin can grant a
          wider role.
        </p>
      )}
      <div>
        <Button icon="chevron-left" onClick={() => window.history.back()}>
          Back
        </Button>
      </div>
    </MessagePage>
  );
}

const dayIn = (zone: string) => (iso: string) => new Date(iso).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: zone });
