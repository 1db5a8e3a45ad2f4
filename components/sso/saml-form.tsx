"use client";

import { useState } from "react";
import { setSamlAction, takeMetadataAction } from "@/app/(console)/settings/sso/actions";
import { describedBy, Field, Input, Textarea, TextField } from "@/components/ui/field";
import type { Refusal } from "@/components/ui/refused";
import { SelectField } from "@/components/ui/select-field";
import type { ConnectionFacts } from "@/lib/sso/schema";
import { WHERE_THEIRS } from "./provider-fields";
import { ssoPath } from "./steps";
import { WizardForm } from "./wizard-form";

type Connection = ConnectionFacts & { protocol: "saml" };
type ErrorOf = (field: string) => string | undefined;

const WAYS = { address: "Its metadata's address", document: "Its metadata as a file", fields: "Field by field" } as const;
type Way = keyof typeof WAYS;
const BINDINGS = [
  { value: "redirect", label: "HTTP-Redirect" },
  { value: "post", label: "HTTP-POST" },
];

/** Step 3 over SAML: the provider's metadata, or what is in it field by field. */
export function SamlForm({ connection, refusal }: { connection: Connection; refusal: Refusal | null }) {
  const { id, slug, settings, provider } = connection;
  const [way, setWay] = useState<Way>(settings ? (settings.metadataUrl ? "address" : "fields") : provider === "google" ? "document" : "address");
  const isRead = way !== "fields";
  const path = ssoPath(slug, "take");
  return (
    <WizardForm
      key={way}
      action={isRead ? takeMetadataAction : setSamlAction}
      hidden={isRead ? { connectionId: id } : { connectionId: id, metadataUrl: "" }}
      submit={isRead ? "Read and save" : "Save and continue"}
      backHref={ssoPath(slug, "give")}
      // What was read is looked at before one goes on.
      hrefAfter={() => (isRead ? path : ssoPath(slug, "attributes"))}
      continueHref={isRead && settings ? ssoPath(slug, "attributes") : undefined}
      refusal={refusal}
    >
      {(errorOf) => (
        <div className="flex max-w-[640px] flex-col gap-4">
          <fieldset className="flex flex-wrap gap-x-5 gap-y-1">
            <legend className="mb-1 font-medium text-ink">Take it from</legend>
            {Object.entries(WAYS).map(([value, label]) => (
              <label key={value} className="flex min-h-8 items-center gap-2 text-ink">
                <input type="radio" name="ui-way" className="size-4 accent-ink" checked={way === value} onChange={() => setWay(value as Way)} />
                {label}
              </label>
            ))}
          </fieldset>
          {isRead && <p className="max-w-[72ch]">{WHERE_THEIRS.saml[provider]}</p>}
          {way === "address" && (
            <TextField
              id="metadataUrl"
              label="Metadata URL"
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
              defaultValue={settings?.metadataUrl ?? ""}
              help="Read once, now. When the provider changes its certificate, read it again."
              error={errorOf("metadataUrl")}
            />
          )}
          {way === "document" && <MetadataDocument errorOf={errorOf} />}
          {way === "fields" && <SamlFields settings={settings} errorOf={errorOf} />}
        </div>
      )}
    </WizardForm>
  );
}

/** A file is read here into the text that is sent. */
function MetadataDocument({ errorOf }: { errorOf: ErrorOf }) {
  const [text, setText] = useState("");
  return (
    <>
      <Field id="ui-file" label="Metadata file" optional>
        <Input
          id="ui-file"
          name="ui-file"
          type="file"
          accept=".xml,application/xml,text/xml"
          className="py-1.5"
          onChange={(event) => event.target.files?.[0]?.text().then(setText)}
        />
      </Field>
      <Field id="metadata" label="Its text" error={errorOf("metadata")}>
        <Textarea
          id="metadata"
          name="metadata"
          rows={10}
          spellCheck={false}
          className="font-mono text-mono"
          value={text}
          onChange={(event) => setText(event.target.value)}
          {...describedBy("metadata", undefined, errorOf("metadata"))}
        />
      </Field>
    </>
  );
}

function SamlFields({ settings, errorOf }: { settings: Connection["settings"]; errorOf: ErrorOf }) {
  return (
    <>
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
      <SelectField id="ssoBinding" label="How they are sent there" choices={BINDINGS} defaultValue={settings?.ssoBinding} error={errorOf("ssoBinding")} />
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
      <SelectField
        id="sloBinding"
        label="How they are sent there to sign out"
        choices={BINDINGS}
        defaultValue={settings?.sloBinding}
        error={errorOf("sloBinding")}
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
    </>
  );
}
