"use client";

import { setSamlAction } from "@/app/(console)/settings/sso/actions";
import { describedBy, Field, Textarea, TextField } from "@/components/ui/field";
import type { Refusal } from "@/components/ui/refused";
import { SelectField } from "@/components/ui/select-field";
import type { ConnectionFacts } from "@/lib/sso/schema";
import { ssoPath } from "./steps";
import { WizardForm } from "./wizard-form";

/** Step 3 over SAML, field by field. */
export function SamlForm({ connection, refusal }: { connection: ConnectionFacts & { protocol: "saml" }; refusal: Refusal | null }) {
  const { settings } = connection;
  return (
    <WizardForm
      action={setSamlAction}
      hidden={{ connectionId: connection.id, metadataUrl: "" }}
      backHref={ssoPath(connection.id, "give")}
      hrefAfter={() => ssoPath(connection.id, "attributes")}
      refusal={refusal}
    >
      {(errorOf) => (
        <div className="flex max-w-[640px] flex-col gap-4">
          <TextField
            id="issuer"
            label="Issuer"
            autoComplete="off"
            spellCheck={false}
            defaultValue={settings?.issuer}
            help="Also called entity id: the name by which it signs."
            error={errorOf("issuer")}
          />
          <TextField
            id="ssoUrl"
            label="Single sign-on URL"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            defaultValue={settings?.ssoUrl}
            help="Where people are sent to sign in."
            error={errorOf("ssoUrl")}
          />
          <SelectField
            id="ssoBinding"
            label="How they are sent there"
            choices={[
              { value: "redirect", label: "HTTP-Redirect" },
              { value: "post", label: "HTTP-POST" },
            ]}
            defaultValue={settings?.ssoBinding}
            error={errorOf("ssoBinding")}
          />
          <TextField
            id="sloUrl"
            label="Single logout URL"
            optional
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            defaultValue={settings?.sloUrl ?? ""}
            help="Where it has one, signing out here signs out there too."
            error={errorOf("sloUrl")}
          />
          <Field
            id="certificates"
            label="Signing certificates"
            help="In PEM, one below the other. During a rollover the old one and the next: both are accepted until you take one away."
            error={errorOf("certificates")}
          >
            <Textarea
              id="certificates"
              name="certificates"
              rows={8}
              spellCheck={false}
              required
              className="font-mono text-mono"
              defaultValue={settings?.certificates.join("")}
              {...describedBy("certificates", true, errorOf("certificates"))}
            />
          </Field>
        </div>
      )}
    </WizardForm>
  );
}
