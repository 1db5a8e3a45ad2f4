"use client";

import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { setOptionsAction } from "@/app/(console)/settings/sso/actions";
import { TextField } from "@/components/ui/field";
import { ActionForm } from "@/components/ui/form-dialog";
import { type Refusal, RefusedControl } from "@/components/ui/refused";
import { useToast } from "@/components/ui/toast";
import type { ConnectionFacts } from "@/lib/sso/schema";

/** What a connection takes, and what it is called. */
export function OptionsForm({ connection, refusal }: { connection: ConnectionFacts; refusal: Refusal | null }) {
  const router = useRouter();
  const toast = useToast();
  return (
    <ActionForm
      action={setOptionsAction}
      hidden={{ connectionId: connection.id }}
      submit="Save options"
      onDone={() => {
        toast("The options are saved.");
        router.refresh();
      }}
      foot={(submit) => <div className="flex">{refusal ? <RefusedControl label="Save options" refusal={refusal} /> : submit}</div>}
    >
      {(errorOf) => (
        <fieldset disabled={refusal !== null} className="flex min-w-0 flex-col gap-4">
          <TextField id="name" label="Name" maxLength={100} defaultValue={connection.name} error={errorOf("name")} />
          <Choice name="makesAccounts" isOn={connection.makesAccounts} label="Make accounts at the first sign-in">
            Off: only who has an account already, by a directory or an invitation, gets in.
          </Choice>
          {connection.protocol === "saml" && (
            <>
              <Choice name="allowsUnsolicited" isOn={connection.allowsUnsolicited} label="Take sign-ins that begin at the identity provider">
                Such an answer was not asked for by the browser that brings it. Leave it off unless people start from a page of the provider.
              </Choice>
              <Choice name="allowsSha1" isOn={connection.allowsSha1} label="Accept signatures with SHA-1">
                SHA-1 can be forged. Only for a provider that can do no better, until it can.
              </Choice>
            </>
          )}
        </fieldset>
      )}
    </ActionForm>
  );
}

function Choice({ name, isOn, label, children }: { name: string; isOn: boolean; label: string; children: ReactNode }) {
  return (
    <div>
      <label className="flex min-h-8 items-center gap-2.5 text-ink">
        <input type="checkbox" name={name} className="size-4 accent-ink" defaultChecked={isOn} aria-describedby={`${name}-note`} />
        {label}
      </label>
      <p id={`${name}-note`} className="pl-6.5 text-meta text-ink-3">
        {children}
      </p>
    </div>
  );
}
