"use client";

import { useRouter } from "next/navigation";
import { startTransition, useActionState, useEffect, useMemo, useRef, useState } from "react";
import { Button, ButtonLink } from "@/components/ui/button";
import { describedBy, ErrorSummary, Field, TextField, Textarea } from "@/components/ui/field";
import type { FormAction, FormState } from "@/components/ui/form-dialog";
import { summaryOf } from "@/components/ui/form-errors";
import { counted } from "@/components/ui/time-words";
import { useToast } from "@/components/ui/toast";
import type { ConfigField } from "@/lib/flavors/config-schema";
import type { ComponentDraft, ConnectorChoice, ConnectorNeeds } from "@/lib/components/schema";
import { ConfigFieldInput } from "./config-field";
import { configurationText, mapText, mapWritten, typedOf, writtenOf } from "./config-text";
import { type Connection, ConnectionField } from "./connection-field";

type Props = {
  workspace: string;
  action: FormAction<string>;
  type: string;
  flavor: string;
  fields: ConfigField[];
  /** What is stored, when the form changes a component. */
  stored?: ComponentDraft;
  /** What of connectors the flavor takes, and those that fit. */
  needs: ConnectorNeeds | null;
  connectors: ConnectorChoice[];
  cancelHref: string;
};

const RARE_FROM = 8;
const REQUIRED = "This field is required.";

/** Makes or changes a component: its name, the fields of its flavor, labels. */
export function ComponentForm({ workspace, action, type, flavor, fields, stored, needs, connectors, cancelHref }: Props) {
  const [state, submit, isPending] = useActionState<FormState<string>, FormData>(action, { status: "idle" });
  const router = useRouter();
  const toast = useToast();
  const summary = useRef<HTMLDivElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState(stored?.name ?? "");
  const [labels, setLabels] = useState(mapText(stored?.labels ?? []));
  const first = useMemo(() => Object.fromEntries(fields.map((field) => [field.name, typedOf(field, stored?.values[field.name])])), [fields, stored]);
  const [typed, setTyped] = useState<Record<string, string>>(first);
  const [kept, setKept] = useState<string[]>(stored?.kept ?? []);
  const wasConnected: Connection = stored?.connection ? { id: stored.connection.id, resourceId: needs?.field ? null : stored.connection.resourceId } : null;
  const [connection, setConnection] = useState<Connection>(wasConnected);
  const isConnectedAnew = JSON.stringify(connection) !== JSON.stringify(wasConnected);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  /** How often sending was tried with something missing: the summary gets the focus each time. */
  const [tries, setTries] = useState(0);

  const configuration = configurationText(fields, typed);
  const writtenLabels = mapWritten(labels);
  const failure = state.status === "error" && !isPending ? state : null;
  const labelError = "error" in writtenLabels ? writtenLabels.error : (failure?.fields?.labels ?? null);
  // Fields that the flavor no longer has stay as they are: what the form does not know it does not drop.
  const unknown = Object.entries(stored?.values ?? {}).filter(([key]) => !fields.some((field) => field.name === key));
  const text = withUnknown(configuration.text, unknown);
  const changes = [
    name !== (stored?.name ?? "") && "Name",
    labels !== mapText(stored?.labels ?? []) && "Labels",
    isConnectedAnew && "Connector",
    ...fields.map((field) => (typed[field.name] !== first[field.name] || (stored?.kept.includes(field.name) && !kept.includes(field.name))) && field.label),
  ].filter((change): change is string => typeof change === "string");
  /** What has to be mended before anything is sent. */
  const missing: Record<string, string> = {
    ...(name.trim() === "" ? { name: "A name is needed." } : {}),
    ...Object.fromEntries(
      fields
        .filter((field) => field.isRequired && !kept.includes(field.name) && (typed[field.name] ?? "").trim() === "")
        .map((field) => [field.name, REQUIRED]),
    ),
    ...configuration.errors,
    ...("error" in writtenLabels ? { labels: writtenLabels.error } : {}),
  };

  useEffect(() => {
    if (state.status === "error") summary.current?.querySelector<HTMLElement>("[role=alert]")?.focus();
    if (state.status !== "done") return;
    toast(stored ? "Saved the component." : "Registered the component.");
    router.push(`/${workspace}/components/${state.result}`);
    router.refresh();
  }, [state, router, toast, stored, workspace]);

  useEffect(() => {
    if (tries > 0) summary.current?.querySelector<HTMLElement>("[role=alert]")?.focus();
  }, [tries]);

  const errorOf = (field: ConfigField): string | null => {
    const written = writtenOf(field, typed[field.name] ?? "");
    if (left.has(field.name) && "error" in written) return written.error;
    if (left.has(field.name) && field.isSecret && typed[field.name] && !/^\{\{\s*[^\s{}.]+\.[^\s{}]+\s*\}\}$/.test(typed[field.name] ?? ""))
      return "Store the value as a secret and write {{name.key}} here: components keep no plain secrets.";
    if (left.has(field.name) && field.isRequired && !kept.includes(field.name) && (typed[field.name] ?? "").trim() === "") return REQUIRED;
    return failure?.fields?.[field.name] ?? null;
  };
  const draw = (field: ConfigField) => (
    <ConfigFieldInput
      key={field.name}
      field={field}
      typed={typed[field.name] ?? ""}
      error={errorOf(field)}
      isKept={kept.includes(field.name)}
      onType={(value) => setTyped((was) => ({ ...was, [field.name]: value }))}
      onLeave={() => setLeft((was) => new Set([...was, field.name]))}
      onReplace={() => setKept((was) => was.filter((one) => one !== field.name))}
    />
  );
  const useResource = (id: string) => {
    const field = needs?.field;
    if (field) setTyped((was) => (was[field] === id || was[field]?.startsWith(`${id}/`) ? was : { ...was, [field]: id }));
  };
  const choices =
    connectors.some((one) => one.id === stored?.connection?.id) || !stored?.connection ? connectors : [...connectors, asChoice(stored.connection)];
  const labelOf = (name: string) => fields.find((field) => field.name === name)?.label ?? (name === "name" ? "Name" : "Labels");
  const required = fields.filter((field) => field.isRequired);
  const optional = fields.filter((field) => !field.isRequired);
  const isSet = (field: ConfigField) => (first[field.name] ?? "") !== "" || stored?.kept.includes(field.name) || Boolean(failure?.fields?.[field.name]);
  const shown = optional.length <= RARE_FROM ? optional : optional.filter(isSet);
  const rare = optional.filter((field) => !shown.includes(field));
  const ids = new Set(["name", "labels", "connection", ...fields.map((field) => field.name)]);

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        // Not by the action property: React would reset the selects after an error.
        event.preventDefault();
        if (Object.keys(missing).length > 0) {
          setLeft(new Set(["name", ...fields.map((field) => field.name)]));
          setTries((was) => was + 1);
          return;
        }
        setTries(0);
        const sent = new FormData(event.currentTarget);
        startTransition(() => submit(sent));
      }}
      className="flex max-w-[640px] flex-col gap-6"
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) form.current?.requestSubmit();
      }}
    >
      {(failure || (tries > 0 && Object.keys(missing).length > 0)) && (
        <div ref={summary}>
          {tries > 0 ? (
            <ErrorSummary
              title="Nothing was sent yet. Mend these first:"
              errors={Object.entries(missing).map(([field, message]) => ({ field, message: `${labelOf(field)}: ${message}` }))}
            />
          ) : (
            failure && <ErrorSummary {...summaryOf(failure, ids)} />
          )}
        </div>
      )}
      <input type="hidden" name="workspace" value={workspace} />
      <input type="hidden" name="configuration" value={text} />
      <input type="hidden" name="labels" value={"error" in writtenLabels ? "{}" : (writtenLabels.json ?? "{}")} />
      {isConnectedAnew && <input type="hidden" name="connection" value={JSON.stringify(connection)} />}
      {stored ? (
        <>
          <input type="hidden" name="id" value={stored.id} />
          <input type="hidden" name="basedOn" value={stored.basedOn} />
          <input type="hidden" name="kept" value={JSON.stringify(kept)} />
        </>
      ) : (
        <>
          <input type="hidden" name="type" value={type} />
          <input type="hidden" name="flavor" value={flavor} />
        </>
      )}
      <TextField
        id="name"
        name="name"
        label="Name"
        value={name}
        onChange={(event) => setName(event.target.value)}
        onBlur={() => setLeft((was) => new Set([...was, "name"]))}
        error={left.has("name") && name.trim() === "" ? "A name is needed." : failure?.fields?.name}
        help="Unique among the components of this kind. Clients use it in commands."
        maxLength={255}
        autoComplete="off"
      />
      {fields.length > 0 && (
        <fieldset className="flex flex-col gap-4 border-t border-rule pt-3">
          <legend className="sr-only">Configuration</legend>
          <h2 className="text-section">Configuration</h2>
          {[...required, ...shown].map(draw)}
          {rare.length > 0 && (
            <details className="border-t border-rule pt-3">
              <summary className="cursor-pointer text-body font-medium text-ink">
                {required.length + shown.length > 0 ? counted(rare.length, "more field") : counted(rare.length, "field")}, all optional
              </summary>
              <div className="mt-4 flex flex-col gap-4">{rare.map(draw)}</div>
            </details>
          )}
        </fieldset>
      )}
      {needs && (
        <ConnectionField
          workspace={workspace}
          needs={needs}
          choices={choices}
          value={connection}
          error={failure?.fields?.connection ?? null}
          onChange={setConnection}
          onResource={useResource}
        />
      )}
      <div className="border-t border-rule pt-3">
        <Field id="labels" label="Labels" help="One KEY=value per line." error={labelError} optional>
          <Textarea
            id="labels"
            value={labels}
            onChange={(event) => setLabels(event.target.value)}
            className="font-mono text-mono"
            spellCheck={false}
            {...describedBy("labels", "help", labelError)}
          />
        </Field>
      </div>
      <div className="sticky bottom-0 -mx-1 flex flex-wrap items-center gap-2 border-t border-rule bg-paper px-1 py-3">
        <Button type="submit" look="primary" size="lg" disabled={isPending || (stored !== undefined && changes.length === 0)}>
          {isPending ? "Saving" : stored ? "Save changes" : "Register component"}
        </Button>
        <ButtonLink href={cancelHref} look="ghost" size="lg">
          Cancel
        </ButtonLink>
        {stored && changes.length > 0 && (
          <span className="text-meta text-ink-3" title={changes.join(", ")}>
            {counted(changes.length, "change")}: {changes.slice(0, 3).join(", ")}
            {changes.length > 3 && " …"}
          </span>
        )}
      </div>
    </form>
  );
}

/** The one that is connected, which the reader may know but not use. */
const asChoice = ({ id, name, resourceId }: NonNullable<ComponentDraft["connection"]>): ConnectorChoice => ({ id, name, type: "", method: "", resourceId });

const withUnknown = (text: string, unknown: [string, string][]): string => {
  if (unknown.length === 0) return text;
  const rest = unknown.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(",");
  return text === "{}" ? `{${rest}}` : `${text.slice(0, -1)},${rest}}`;
};
