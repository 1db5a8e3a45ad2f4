"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { saveStoreForm, tryStoreForm } from "@/app/(console)/[workspace]/settings/secret-store/actions";
import { ProviderFields } from "@/components/provider/provider-fields";
import { useProviderSettings } from "@/components/provider/use-provider-settings";
import { Banner } from "@/components/ui/banner";
import { Button, ButtonLink } from "@/components/ui/button";
import { Field, Select } from "@/components/ui/field";
import { ActionForm } from "@/components/ui/form-dialog";
import { RadioChoices } from "@/components/ui/radio-choices";
import { useToast } from "@/components/ui/toast";
import { useActionCall } from "@/components/ui/use-action-call";
import type { StoreDraft, StoreKind, StoreMethod } from "@/lib/secret-stores/schema";

type Props = { workspace: string; kinds: StoreKind[]; stored?: StoreDraft };

/** Adds or changes a secret store. Credentials go into the request and nowhere else; it is tried before it is kept. */
export function StoreForm({ workspace, kinds, stored }: Props) {
  const router = useRouter();
  const toast = useToast();
  const path = `/${workspace}/settings/secret-store`;
  const [typeName, setTypeName] = useState(stored?.type ?? kinds[0]?.type ?? "");
  const kind = kinds.find((one) => one.type === typeName) ?? (kinds[0] as StoreKind);
  const [methodName, setMethodName] = useState(stored?.method ?? "");
  const method = kind.methods.find((one) => one.method === methodName) ?? (kind.methods[0] as StoreMethod);
  const settings = useProviderSettings(method, stored);
  const [said, call, isTrying] = useActionCall(tryStoreForm);
  const fields = {
    workspace,
    type: kind.type,
    settings: JSON.stringify({ ...(method.method ? { method: method.method } : {}), ...settings.values }),
    ...(stored ? { id: stored.id, basedOn: stored.basedOn } : {}),
  };
  return (
    <div className="max-w-[640px]">
      <ActionForm
        action={saveStoreForm}
        hidden={fields}
        submit={stored ? "Try and save" : "Try and add"}
        missing={settings.missing}
        onDone={() => {
          toast(stored ? "Saved the store." : `Added ${kind.title}: new values go there from now on.`);
          router.push(path);
          router.refresh();
        }}
        foot={(submit) => (
          <div className="flex flex-wrap items-center gap-2 border-t border-rule pt-3">
            {submit}
            <Button size="lg" onClick={() => call(fields)} disabled={isTrying}>
              {isTrying ? "Trying it" : "Try it"}
            </Button>
            <ButtonLink href={path} look="ghost" size="lg">
              Cancel
            </ButtonLink>
          </div>
        )}
      >
        {(errorOf) => (
          <>
            {!stored && (
              <Field id="type" label="Kind" help={kind.unproven ?? undefined} error={errorOf("type")}>
                <Select
                  id="type"
                  value={kind.type}
                  onChange={(event) => {
                    setTypeName(event.target.value);
                    setMethodName("");
                  }}
                >
                  {kinds.map((one) => (
                    <option key={one.type} value={one.type}>
                      {one.title}
                    </option>
                  ))}
                </Select>
              </Field>
            )}
            {kind.methods.length > 1 && (
              <RadioChoices
                legend="How Reeve signs in there"
                name="methodChoice"
                value={method.method}
                choices={kind.methods.map((one) => ({ value: one.method, label: one.title }))}
                onChange={setMethodName}
                isRow
              />
            )}
            <ProviderFields settings={settings} errorOf={errorOf} />
            {!isTrying && said.status === "done" && (
              <Banner tone="ok" icon="circle-check">
                The store is up and allows all that is needed: a trial value was written, read, deleted, brought back and destroyed.
              </Banner>
            )}
            {!isTrying && said.status === "error" && (
              <Banner tone="fail" icon="triangle-alert">
                {said.message}
              </Banner>
            )}
          </>
        )}
      </ActionForm>
    </div>
  );
}
