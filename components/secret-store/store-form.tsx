"use client";

import { useRouter } from "next/navigation";
import { startTransition, useActionState, useState } from "react";
import { saveStoreForm, tryStoreForm } from "@/app/(console)/[workspace]/settings/secret-store/actions";
import { SecretInput } from "@/components/secret/secret-input";
import { ConfigFieldInput } from "@/components/stack/config-field";
import { configurationText, typedOf } from "@/components/stack/config-text";
import { Banner } from "@/components/ui/banner";
import { Button, ButtonLink } from "@/components/ui/button";
import { Field, Select, Textarea } from "@/components/ui/field";
import { ActionForm } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";
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
  const plain = method.fields.filter((field) => !field.isSecret);
  const secret = method.fields.filter((field) => field.isSecret);
  const [typed, setTyped] = useState<Record<string, string>>(() =>
    Object.fromEntries(plain.map((field) => [field.name, typedOf(field, stored?.values[field.name])])),
  );
  const [keys, setKeys] = useState<Record<string, string>>({});
  const [answer, send, isTrying] = useActionState(tryStoreForm, { status: "idle" } as never);
  const said = answer as { status: string; message?: string; fix?: string };
  const written = configurationText(plain, typed);
  const isKept = (name: string) => stored?.method === method.method && stored.kept.includes(name);
  const settings = JSON.stringify({
    ...(method.method ? { method: method.method } : {}),
    ...(JSON.parse(written.text) as object),
    ...Object.fromEntries(secret.flatMap(({ name }) => (keys[name] ? [[name, keys[name]]] : []))),
  });
  const fields = { workspace, type: kind.type, settings, ...(stored ? { id: stored.id, basedOn: stored.basedOn } : {}) };
  const missing = {
    ...Object.fromEntries(
      method.fields
        .filter((field) => field.isRequired && !isKept(field.name) && !(field.isSecret ? keys[field.name] : typed[field.name]?.trim()))
        .map((field) => [field.name, `${field.label} is needed.`]),
    ),
    ...written.errors,
  };
  const tryIt = () => {
    const form = new FormData();
    for (const [key, value] of Object.entries(fields)) form.set(key, value);
    startTransition(() => send(form));
  };
  return (
    <div className="max-w-[640px]">
      <ActionForm
        action={saveStoreForm}
        hidden={fields}
        submit={stored ? "Try and save" : "Try and add"}
        missing={missing}
        onDone={() => {
          toast(stored ? "Saved the store." : `Added ${kind.title}: new values go there from now on.`);
          router.push(path);
          router.refresh();
        }}
        foot={(submit) => (
          <div className="flex flex-wrap items-center gap-2 border-t border-rule pt-3">
            {submit}
            <Button size="lg" onClick={tryIt} disabled={isTrying}>
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
              <fieldset className="flex flex-wrap gap-x-6 gap-y-1">
                <legend className="mb-1 text-body font-medium text-ink">How Reeve signs in there</legend>
                {kind.methods.map((one) => (
                  <label key={one.method} className="flex min-h-7 items-center gap-2.5">
                    <input
                      type="radio"
                      name="methodChoice"
                      value={one.method}
                      className="size-4 shrink-0 accent-ink"
                      checked={one.method === method.method}
                      onChange={() => setMethodName(one.method)}
                    />
                    {one.title}
                  </label>
                ))}
              </fieldset>
            )}
            {plain.map((field) =>
              // PEM has lines, which a line of text would lose.
              field.name === "ca" ? (
                <Field key="ca" id="ca" label={field.label} help={field.help ?? undefined} optional error={errorOf("ca")}>
                  <Textarea
                    id="ca"
                    value={typed.ca ?? ""}
                    onChange={(event) => setTyped((was) => ({ ...was, ca: event.target.value }))}
                    spellCheck={false}
                    rows={3}
                    className="font-mono text-mono"
                  />
                </Field>
              ) : (
                <ConfigFieldInput
                  key={field.name}
                  field={field}
                  typed={typed[field.name] ?? ""}
                  error={errorOf(field.name) ?? null}
                  isKept={false}
                  onType={(value) => setTyped((was) => ({ ...was, [field.name]: value }))}
                  onLeave={() => undefined}
                  onReplace={() => undefined}
                />
              ),
            )}
            {secret.map((field) => (
              <Field
                key={field.name}
                id={field.name}
                label={field.label}
                help={field.help ?? undefined}
                optional={!field.isRequired}
                error={errorOf(field.name)}
              >
                <SecretInput
                  id={field.name}
                  label={field.label}
                  placeholder={isKept(field.name) ? "stays as it is" : ""}
                  isPasted={(keys[field.name] ?? "").includes("\n")}
                  onValue={(value) => setKeys((was) => ({ ...was, [field.name]: value }))}
                />
              </Field>
            ))}
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
