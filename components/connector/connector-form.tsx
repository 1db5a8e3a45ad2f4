"use client";

import { endOfDay, ExpiryField } from "@/components/secret/expiry-field";
import { useRouter } from "next/navigation";
import { useActionState, useState } from "react";
import { startTransition } from "react";
import { saveConnector, makeConnector, tryConnectorForm } from "@/app/(console)/[workspace]/connectors/actions";
import { SecretField } from "@/components/secret/secret-field";
import { ConfigFieldInput } from "@/components/stack/config-field";
import { configurationText, typedOf } from "@/components/stack/config-text";
import { Button, ButtonLink } from "@/components/ui/button";
import { Field, Select, TextField } from "@/components/ui/field";
import { ActionForm } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";
import type { ConnectorDraft, ReachAnswer } from "@/lib/connectors/schema";
import type { ConfigField } from "@/lib/flavors/config-schema";
import { lifeWords } from "./type-words";
import { Reachable } from "./reachable";

export type FormMethod = {
  method: string;
  title: string;
  /** What it risks, in one line. */
  risk: string;
  fields: ConfigField[];
  limits: { min: number; max: number; usual: number } | null;
};
export type FormType = {
  type: string;
  title: string;
  about: string;
  /** What it was tried against instead of the real service. */
  unproven: string | null;
  methods: FormMethod[];
  resources: { type: string; title: string; methods: string[]; isMany: boolean }[];
};

type Props = { workspace: string; types: FormType[]; stored?: ConnectorDraft; mayRunImplicit: boolean };

const NO_ANSWER = { status: "idle" } as const;
const LIVES = [900, 3_600, 4 * 3_600, 12 * 3_600, 24 * 3_600, 36 * 3_600];

/** Registers or changes a connector: type, method, fields, resource, lifetime, a try, a name. Keys go into the request and nowhere else. */
export function ConnectorForm({ workspace, types, stored, mayRunImplicit }: Props) {
  const router = useRouter();
  const toast = useToast();
  const path = `/${workspace}/connectors`;
  const [typeName, setTypeName] = useState(stored?.type ?? types[0]?.type ?? "");
  const type = types.find((one) => one.type === typeName) ?? (types[0] as FormType);
  const methods = type.methods.filter((one) => one.method !== "implicit" || mayRunImplicit);
  const [methodName, setMethodName] = useState(stored?.method ?? "");
  const method = methods.find((one) => one.method === methodName) ?? methods.find((one) => one.limits) ?? (methods[0] as FormMethod);
  const plain = method.fields.filter((field) => !field.isSecret);
  const secret = method.fields.filter((field) => field.isSecret);
  const [typed, setTyped] = useState<Record<string, string>>(() =>
    Object.fromEntries(plain.map((field) => [field.name, typedOf(field, stored?.values[field.name])])),
  );
  const [keys, setKeys] = useState<Record<string, string>>({});
  const [resourceType, setResourceType] = useState(stored && stored.resourceTypes.length === 1 ? (stored.resourceTypes[0] ?? "") : "");
  const [resourceId, setResourceId] = useState(stored?.resourceId ?? "");
  const [life, setLife] = useState(stored?.expirationSeconds ? String(stored.expirationSeconds) : "");
  const [day, setDay] = useState(stored?.expiresAt?.slice(0, 10) ?? "");
  const [name, setName] = useState(stored?.name ?? "");
  const [isSkipped, setSkipped] = useState(false);
  const [answer, send, isTrying] = useActionState(tryConnectorForm, NO_ANSWER as never);
  const resources = type.resources.filter((one) => one.methods.includes(method.method));
  const isMany = resources.find((one) => one.type === resourceType)?.isMany ?? false;
  const written = configurationText(plain, typed);
  const isKept = (field: ConfigField) => stored?.method === method.method && stored.kept.includes(field.name);
  const configuration = JSON.stringify({
    ...(JSON.parse(written.text) as object),
    ...Object.fromEntries(secret.flatMap(({ name: key }) => (keys[key] ? [[key, keys[key]]] : []))),
  });
  const fields = {
    workspace,
    ...(stored ? { id: stored.id, basedOn: stored.basedOn } : { type: type.type }),
    method: method.method,
    configuration,
    resourceTypes: JSON.stringify(resourceType ? [resourceType] : resources.map((one) => one.type)),
    resourceId: isMany ? resourceId.trim() : "",
    expirationSeconds: method.limits ? life : "",
    expiresAt: day ? (day === stored?.expiresAt?.slice(0, 10) ? (stored.expiresAt ?? "") : endOfDay(day)) : "",
    name: name.trim(),
    skip: String(isSkipped),
  };
  const missing = {
    ...(name.trim() === "" ? { name: "A name is needed." } : {}),
    ...Object.fromEntries(
      method.fields
        .filter((field) => field.isRequired && !isKept(field) && !(field.isSecret ? keys[field.name] : typed[field.name]?.trim()))
        .map((field) => [field.name, `${field.label} is needed.`]),
    ),
    ...written.errors,
  };
  const tryIt = () => {
    const form = new FormData();
    for (const [key, value] of Object.entries({ ...fields, name: fields.name || "untitled" })) form.set(key, value);
    startTransition(() => send(form));
  };
  const said = answer as { status: string; result?: ReachAnswer; message?: string };
  return (
    <div className="max-w-[640px]">
      <ActionForm
        action={stored ? saveConnector : makeConnector}
        hidden={fields}
        submit={stored ? "Save changes" : isSkipped ? "Register without trying it" : "Try and register"}
        missing={missing}
        onDone={(id) => {
          toast(stored ? "Saved the connector." : `Registered ${name.trim()}.`);
          router.push(`${path}/${id}`);
          router.refresh();
        }}
        foot={(submit) => (
          <div className="flex flex-wrap items-center gap-2 border-t border-rule pt-3">
            {submit}
            <Button size="lg" onClick={tryIt} disabled={isTrying}>
              {isTrying ? "Trying it" : "Try it"}
            </Button>
            <ButtonLink href={stored ? `${path}/${stored.id}` : path} look="ghost" size="lg">
              Cancel
            </ButtonLink>
          </div>
        )}
      >
        {(errorOf) => (
          <>
            {!stored && (
              <Field id="type" label="Type" help={[type.about, type.unproven].filter(Boolean).join(" ")}>
                <Select
                  id="type"
                  value={type.type}
                  onChange={(event) => {
                    setTypeName(event.target.value);
                    setMethodName("");
                    setResourceType("");
                  }}
                >
                  {types.map((one) => (
                    <option key={one.type} value={one.type}>
                      {one.title}
                    </option>
                  ))}
                </Select>
              </Field>
            )}
            <fieldset className="flex flex-col gap-1.5">
              <legend className="mb-1 text-body font-medium text-ink">Method</legend>
              {methods.map((one) => (
                <label key={one.method} className="flex min-h-7 items-start gap-2.5">
                  <input
                    type="radio"
                    name="methodChoice"
                    value={one.method}
                    className="mt-0.5 size-4 shrink-0 accent-ink"
                    checked={one.method === method.method}
                    onChange={() => setMethodName(one.method)}
                  />
                  <span>
                    <span className="text-ink">{one.title}</span> <span className="text-ink-3">{one.risk}</span>
                  </span>
                </label>
              ))}
            </fieldset>
            {plain.map((field) => (
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
            ))}
            {secret.map((field) => (
              <SecretField
                key={field.name}
                name={field.name}
                label={field.label}
                help={field.help}
                isRequired={field.isRequired}
                isKept={isKept(field)}
                value={keys[field.name] ?? ""}
                error={errorOf(field.name)}
                onValue={(value) => setKeys((was) => ({ ...was, [field.name]: value }))}
              />
            ))}
            <Field id="resourceType" label="For" help="What it may be used for. One type can be narrowed to one resource." error={errorOf("resourceTypes")}>
              <Select id="resourceType" value={resourceType} onChange={(event) => setResourceType(event.target.value)}>
                <option value="">Everything that it reaches</option>
                {resources.map((one) => (
                  <option key={one.type} value={one.type}>
                    {one.title}
                  </option>
                ))}
              </Select>
            </Field>
            {isMany && (
              <TextField
                id="resourceId"
                label="One resource"
                value={resourceId}
                onChange={(event) => setResourceId(event.target.value)}
                help="Left empty it is for all of them, and each use names one."
                autoComplete="off"
                spellCheck={false}
                error={errorOf("resourceId")}
              />
            )}
            {method.limits && (
              <Field
                id="life"
                label="Lifetime of what it issues"
                help={`The cloud allows ${lifeWords(method.limits.min)} to ${lifeWords(method.limits.max)}.`}
                error={errorOf("expirationSeconds")}
              >
                <Select id="life" value={life} onChange={(event) => setLife(event.target.value)}>
                  <option value="">{lifeWords(method.limits.usual)}, as is usual</option>
                  {LIVES.filter((seconds) => method.limits && seconds >= method.limits.min && seconds <= method.limits.max).map((seconds) => (
                    <option key={seconds} value={seconds}>
                      {lifeWords(seconds)}
                    </option>
                  ))}
                </Select>
              </Field>
            )}
            <ExpiryField day={day} onDay={setDay} help="When the main keys end at the other side. You are told two weeks ahead." error={errorOf("expiresAt")} />
            <TextField
              id="name"
              label="Name"
              value={name}
              onChange={(event) => setName(event.target.value)}
              help="Clients use it in commands."
              maxLength={255}
              autoComplete="off"
              spellCheck={false}
              error={errorOf("name")}
            />
            <Reachable
              isTrying={isTrying}
              answer={said.status === "done" ? (said.result ?? null) : null}
              error={said.status === "error" ? (said.message ?? null) : null}
              onPick={(pickedType, id) => {
                setResourceType(pickedType);
                setResourceId(id);
              }}
            />
            <label className="flex min-h-7 items-start gap-2.5">
              <input type="checkbox" className="mt-0.5 size-4 shrink-0 accent-ink" checked={isSkipped} onChange={(event) => setSkipped(event.target.checked)} />
              <span>
                <span className="text-ink">{stored ? "Save without trying it" : "Register without trying it"}</span>{" "}
                <span className="text-ink-3">It is then marked as not verified.</span>
              </span>
            </label>
          </>
        )}
      </ActionForm>
    </div>
  );
}
