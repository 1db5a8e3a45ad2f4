"use client";

import { ExpiryField, useExpiry } from "@/components/secret/expiry-field";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { saveConnector, makeConnector, tryConnectorForm } from "@/app/(console)/[workspace]/connectors/actions";
import { ProviderFields } from "@/components/provider/provider-fields";
import { useProviderSettings } from "@/components/provider/use-provider-settings";
import { Button, ButtonLink } from "@/components/ui/button";
import { Field, Select, TextField } from "@/components/ui/field";
import { ActionForm } from "@/components/ui/form-dialog";
import { RadioChoices } from "@/components/ui/radio-choices";
import { useToast } from "@/components/ui/toast";
import { useActionCall } from "@/components/ui/use-action-call";
import type { ConnectorDraft } from "@/lib/connectors/schema";
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
  const settings = useProviderSettings(method, stored);
  const [resourceType, setResourceType] = useState(stored && stored.resourceTypes.length === 1 ? (stored.resourceTypes[0] ?? "") : "");
  const [resourceId, setResourceId] = useState(stored?.resourceId ?? "");
  const [life, setLife] = useState(stored?.expirationSeconds ? String(stored.expirationSeconds) : "");
  const expiry = useExpiry(stored?.expiresAt);
  const [name, setName] = useState(stored?.name ?? "");
  const [isSkipped, setSkipped] = useState(false);
  const [said, call, isTrying] = useActionCall(tryConnectorForm);
  const resources = type.resources.filter((one) => one.methods.includes(method.method));
  const isMany = resources.find((one) => one.type === resourceType)?.isMany ?? false;
  const fields = {
    workspace,
    ...(stored ? { id: stored.id, basedOn: stored.basedOn } : { type: type.type }),
    method: method.method,
    configuration: JSON.stringify(settings.values),
    resourceTypes: JSON.stringify(resourceType ? [resourceType] : resources.map((one) => one.type)),
    resourceId: isMany ? resourceId.trim() : "",
    expirationSeconds: method.limits ? life : "",
    expiresAt: expiry.at,
    name: name.trim(),
    skip: String(isSkipped),
  };
  const missing = {
    ...(name.trim() === "" ? { name: "A name is needed." } : {}),
    ...settings.missing,
  };
  return (
    <div className="max-w-[640px]">
      <ActionForm
        action={stored ? saveConnector : makeConnector}
        hidden={fields}
        submit={isSkipped ? `${stored ? "Save" : "Register"} without trying it` : stored ? "Try and save" : "Try and register"}
        missing={missing}
        onDone={(id) => {
          toast(stored ? "Saved the connector." : `Registered ${name.trim()}.`);
          router.push(`${path}/${id}`);
          router.refresh();
        }}
        foot={(submit) => (
          <div className="flex flex-wrap items-center gap-2 border-t border-rule pt-3">
            {submit}
            <Button size="lg" onClick={() => call({ ...fields, name: fields.name || "untitled" })} disabled={isTrying}>
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
            <RadioChoices
              legend="Method"
              name="methodChoice"
              value={method.method}
              choices={methods.map((one) => ({ value: one.method, label: one.title, help: one.risk }))}
              onChange={setMethodName}
            />
            <ProviderFields settings={settings} errorOf={errorOf} />
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
            <ExpiryField {...expiry.field} help="When the main keys end at the other side. You are told two weeks ahead." error={errorOf("expiresAt")} />
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
              answer={said.status === "done" ? said.result : null}
              error={said.status === "error" ? said.message : null}
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
