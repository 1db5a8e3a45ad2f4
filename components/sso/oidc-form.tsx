"use client";

import { takeOidcAction } from "@/app/(console)/settings/sso/actions";
import { TextField } from "@/components/ui/field";
import type { Refusal } from "@/components/ui/refused";
import type { ConnectionFacts } from "@/lib/sso/schema";
import { WHERE_THEIRS } from "./provider-fields";
import { ssoPath } from "./steps";
import { WizardForm } from "./wizard-form";

/** Step 3 over OpenID Connect: issuer, client id and secret. The rest is found at the issuer. */
export function OidcForm({ connection, refusal }: { connection: ConnectionFacts & { protocol: "oidc" }; refusal: Refusal | null }) {
  const { settings, hasSecret } = connection;
  const scopes =
    settings?.scopes.filter((scope) => scope !== "openid") ?? (connection.provider === "okta" ? ["email", "profile", "groups"] : ["email", "profile"]);
  return (
    <WizardForm
      action={takeOidcAction}
      hidden={{ connectionId: connection.id }}
      backHref={ssoPath(connection.slug, "give")}
      hrefAfter={() => ssoPath(connection.slug, "attributes")}
      refusal={refusal}
    >
      {(errorOf) => (
        <div className="flex max-w-[640px] flex-col gap-4">
          <p className="max-w-[72ch]">{WHERE_THEIRS.oidc[connection.provider]}</p>
          <TextField
            id="issuer"
            label="Issuer"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            defaultValue={settings?.issuer}
            help="Exactly as its discovery document spells it: addresses and keys are read from there."
            error={errorOf("issuer")}
          />
          <TextField id="clientId" label="Client id" autoComplete="off" spellCheck={false} defaultValue={settings?.clientId} error={errorOf("clientId")} />
          <TextField
            id="clientSecret"
            label="Client secret"
            type="password"
            autoComplete="new-password"
            optional={hasSecret}
            help={hasSecret ? "One is stored, sealed, and not shown again. Leave it empty to keep it." : "Stored sealed, and never shown again."}
            error={errorOf("clientSecret")}
          />
          <TextField
            id="scopes"
            label="Scopes"
            optional
            autoComplete="off"
            spellCheck={false}
            defaultValue={scopes.join(" ")}
            help="Beside openid, which is always asked for; separated by spaces."
            error={errorOf("scopes")}
          />
        </div>
      )}
    </WizardForm>
  );
}
