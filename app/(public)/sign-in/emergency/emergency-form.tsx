"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { CliBox } from "@/components/ui/cli-box";
import { MessagePage } from "@/components/ui/states";
import type { LinkState } from "../link-state";
import { Said } from "../said";
import { useFragment } from "../use-fragment";
import { signInWithEmergencyLink } from "./actions";

/** Says what an emergency session is, and opens it on a click: a link alone, opened by a mail scanner, uses nothing up. */
export function EmergencyForm() {
  const secret = useFragment();
  const [state, submit, isPending] = useActionState<LinkState, FormData>(signInWithEmergencyLink, { status: "idle" });
  if (secret === "")
    return (
      <MessagePage icon="siren" title="Emergency sign-in">
        <p>This address needs the link that the host prints. Whoever may read the installation’s keys runs, on the host:</p>
        <CliBox command="npm exec reeve -- emergency-login lena@example.com" />
      </MessagePage>
    );
  return (
    <MessagePage icon="siren" title="Emergency sign-in">
      <p>
        This opens a session of <b>one hour</b> as the System Admin that the link was made for. It is written to the audit trail, and every System Admin sees a
        banner until it ends. The link works once.
      </p>
      {state.status === "error" && (
        <Said requestId={state.requestId}>
          {state.message} {state.fix}
        </Said>
      )}
      <form action={submit}>
        <input type="hidden" name="secret" value={secret ?? ""} />
        <Button type="submit" look="primary" size="lg" disabled={isPending || !secret}>
          {isPending ? "Signing in" : "Sign in for one hour"}
        </Button>
      </form>
    </MessagePage>
  );
}
