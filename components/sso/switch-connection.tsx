"use client";

import { switchConnectionAction } from "@/app/(console)/settings/sso/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import type { ConnectionFacts } from "@/lib/sso/schema";

/** Lets people sign in through the connection, or stops it. Nothing while its data is missing. */
export function SwitchConnection({ connection: { id, name, state, missing, testedVersion, version } }: { connection: ConnectionFacts }) {
  if (state === "on")
    return (
      <ActionDialog
        label="Switch off…"
        title={`Switch ${name} off`}
        action={switchConnectionAction}
        hidden={{ connectionId: id, state: "off" }}
        submit="Switch it off"
        look="danger"
        said={() => `${name} is off.`}
      >
        {() => <p>New sign-ins through it are refused. Sessions that are open stay, and it can be switched on again as it is.</p>}
      </ActionDialog>
    );
  if (missing !== null) return null;
  return (
    <ActionDialog
      label="Switch on…"
      buttonLook={testedVersion === version ? "primary" : "plain"}
      title={`Switch ${name} on`}
      action={switchConnectionAction}
      hidden={{ connectionId: id, state: "on" }}
      submit="Switch it on"
      said={() => `${name} is on.`}
    >
      {() => (
        <p>
          People of its proven domains can then sign in through it; passwords go on working beside it.
          {testedVersion !== version && " No test login has passed as it stands now: making one first is safer."}
        </p>
      )}
    </ActionDialog>
  );
}
