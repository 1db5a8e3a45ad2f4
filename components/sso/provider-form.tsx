"use client";

import { createConnectionAction } from "@/app/(console)/settings/sso/actions";
import { TextField } from "@/components/ui/field";
import type { Refusal } from "@/components/ui/refused";
import { SelectField } from "@/components/ui/select-field";
import { PROTOCOLS, PROVIDERS } from "@/lib/sso/schema";
import { ssoPath } from "./steps";
import { WizardForm } from "./wizard-form";

const choices = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }));

/** Step 1 of a new connection: which provider, over which protocol. */
export function ProviderForm({ base, refusal }: { base: string; refusal: Refusal | null }) {
  return (
    <WizardForm action={createConnectionAction} hidden={{}} backHref="/settings/sso" hrefAfter={(made) => ssoPath(made.slug, "give")} refusal={refusal}>
      {(errorOf) => (
        <div className="flex max-w-[640px] flex-col gap-4">
          <SelectField id="provider" label="Identity provider" choices={choices(PROVIDERS)} error={errorOf("provider")} />
          <SelectField
            id="protocol"
            label="Protocol"
            choices={choices(PROTOCOLS)}
            help="Take the one that your provider's administrators use; both can do all that Reeve asks for."
            error={errorOf("protocol")}
          />
          <TextField
            id="name"
            label="Name"
            maxLength={100}
            autoComplete="off"
            help="As people know it: it stands on the button that they sign in with."
            error={errorOf("name")}
          />
          <TextField
            id="slug"
            label="Name in the address"
            maxLength={63}
            autoComplete="off"
            spellCheck={false}
            help={`Part of the addresses that the provider is given, such as ${base}/api/sso/okta/acs. It can't be changed later.`}
            error={errorOf("slug")}
          />
        </div>
      )}
    </WizardForm>
  );
}
