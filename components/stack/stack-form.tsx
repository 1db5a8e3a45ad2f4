"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { startTransition, useActionState, useEffect, useRef, useState } from "react";
import { Button, ButtonLink } from "@/components/ui/button";
import { describedBy, ErrorSummary, Field, Select, TextField, Textarea } from "@/components/ui/field";
import type { FormAction, FormState } from "@/components/ui/form-dialog";
import { summaryOf } from "@/components/ui/form-errors";
import { useToast } from "@/components/ui/toast";
import { COMPONENT_KINDS, kindTitle, mayRepeat } from "@/lib/components/schema";
import type { PartChoice } from "@/lib/stacks/schema";
import { mapText, mapWritten } from "./config-text";

type Stored = {
  id: string;
  name: string;
  description: string;
  parts: { id: string; type: string; name: string }[];
  labels: [string, string][];
  environment: [string, string][];
  basedOn: string;
};
type Props = { workspace: string; action: FormAction<string>; choices: PartChoice[]; stored?: Stored; focus?: string; cancelHref: string };

const REQUIRED = new Set(["orchestrator", "artifact_store"]);

/** Makes or changes a stack: its name, one component per kind (several where steps can choose), labels, environment. */
export function StackForm({ workspace, action, choices, stored, focus, cancelHref }: Props) {
  const [state, submit, isPending] = useActionState<FormState<string>, FormData>(action, { status: "idle" });
  const router = useRouter();
  const toast = useToast();
  const summary = useRef<HTMLDivElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState(stored?.name ?? "");
  const [description, setDescription] = useState(stored?.description ?? "");
  const [labels, setLabels] = useState(mapText(stored?.labels ?? []));
  const [environment, setEnvironment] = useState(mapText(stored?.environment ?? []));
  /** How often sending was tried with something missing: the summary gets the focus each time. */
  const [tries, setTries] = useState(0);
  const [parts, setParts] = useState<string[]>(stored?.parts.map((part) => part.id) ?? []);
  const chosen = (type: string) => parts.filter((id) => choices.some((choice) => choice.id === id && choice.type === type));
  const setKind = (type: string, ids: string[]) => setParts((was) => [...was.filter((id) => !chosen(type).includes(id)), ...ids]);

  useEffect(() => {
    if (state.status === "error") summary.current?.querySelector<HTMLElement>("[role=alert]")?.focus();
    if (state.status !== "done") return;
    toast(stored ? "Saved the stack." : "Registered the stack.");
    router.push(`/${workspace}/stacks/${state.result}`);
    router.refresh();
  }, [state, router, toast, stored, workspace]);
  useEffect(() => {
    if (tries > 0) summary.current?.querySelector<HTMLElement>("[role=alert]")?.focus();
  }, [tries]);
  useEffect(() => {
    if (focus) document.getElementById(focus)?.focus();
  }, [focus]);

  const failure = state.status === "error" && !isPending ? state : null;
  const written = { labels: mapWritten(labels), environment: mapWritten(environment) };
  const jsonOf = (key: keyof typeof written) => ("error" in written[key] ? "{}" : (written[key].json ?? "{}"));
  const errorOf = (key: keyof typeof written) => ("error" in written[key] ? written[key].error : (failure?.fields?.[key] ?? null));
  const ordered = COMPONENT_KINDS.flatMap((kind) => chosen(kind.type));
  const changes = stored ? changesOf(stored, { name, description, labels, environment, parts: ordered }, choices) : [];
  /** What has to be mended before anything is sent. */
  const missing: Record<string, string> = {
    ...(name.trim() === "" ? { name: "A name is needed." } : {}),
    ...Object.fromEntries(
      [...REQUIRED].filter((type) => chosen(type).length === 0).map((type) => [type, `Choose ${withArticle(kindTitle(type).toLowerCase())}.`]),
    ),
    ...Object.fromEntries((["labels", "environment"] as const).flatMap((key) => ("error" in written[key] ? [[key, written[key].error]] : []))),
  };
  const missed = (field: string) => (tries > 0 ? (missing[field] ?? null) : null);
  const offered = COMPONENT_KINDS.filter((kind) => REQUIRED.has(kind.type) || choices.some((choice) => choice.type === kind.type));
  const absent = COMPONENT_KINDS.filter((kind) => !offered.includes(kind));

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        // Not by the action property: React would reset the selects after an error.
        event.preventDefault();
        if (Object.keys(missing).length > 0) return setTries((was) => was + 1);
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
            <ErrorSummary title="Nothing was sent yet. Mend these first:" errors={Object.entries(missing).map(([field, message]) => ({ field, message }))} />
          ) : (
            failure && <ErrorSummary {...summaryOf(failure, new Set(["name", "description", "labels", "environment"]))} />
          )}
        </div>
      )}
      <input type="hidden" name="workspace" value={workspace} />
      <input type="hidden" name="components" value={JSON.stringify(ordered)} />
      <input type="hidden" name="labels" value={jsonOf("labels")} />
      <input type="hidden" name="environment" value={jsonOf("environment")} />
      {stored && (
        <>
          <input type="hidden" name="id" value={stored.id} />
          <input type="hidden" name="basedOn" value={stored.basedOn} />
        </>
      )}
      <TextField
        id="name"
        name="name"
        label="Name"
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={missed("name") ?? failure?.fields?.name}
        help="Clients choose the stack by it."
        maxLength={255}
        autoComplete="off"
      />
      <TextField
        id="description"
        name="description"
        label="Description"
        value={description}
        onChange={(event) => setDescription(event.target.value)}
        error={failure?.fields?.description}
        maxLength={255}
        autoComplete="off"
        optional
      />
      <fieldset className="flex flex-col gap-4 border-t border-rule pt-3">
        <legend className="sr-only">Parts</legend>
        <h2 className="text-section">Parts</h2>
        {offered.map((kind) => {
          const options = choices.filter((choice) => choice.type === kind.type);
          const ids = chosen(kind.type);
          const isRequired = REQUIRED.has(kind.type);
          return mayRepeat(kind.type) ? (
            <fieldset key={kind.type} id={kind.type} tabIndex={-1} className="flex flex-col gap-1">
              <legend className="text-body font-medium text-ink">
                {kind.title} <span className="font-normal text-ink-3">optional, several</span>
              </legend>
              <div className="flex flex-col">
                {options.map((choice) => (
                  <label key={choice.id} className="flex min-h-7 items-center gap-2 max-md:min-h-10">
                    <input
                      type="checkbox"
                      checked={ids.includes(choice.id)}
                      onChange={(event) => setKind(kind.type, event.target.checked ? [...ids, choice.id] : ids.filter((id) => id !== choice.id))}
                    />
                    <span className="text-ink">{choice.name}</span>
                    <span className="text-meta text-ink-3">{choiceWords(choice)}</span>
                  </label>
                ))}
              </div>
              <p className="text-meta text-ink-3">{kind.does} The first one is used by steps that name none.</p>
            </fieldset>
          ) : (
            <Field
              key={kind.type}
              id={kind.type}
              label={kind.title}
              optional={!isRequired}
              error={missed(kind.type)}
              help={
                options.length === 0 ? (
                  <>
                    There is none yet.{" "}
                    <Link className="link" href={`/${workspace}/components/new?type=${kind.type}`}>
                      Register one
                    </Link>
                  </>
                ) : (
                  kind.does
                )
              }
            >
              <Select
                id={kind.type}
                value={ids[0] ?? ""}
                onChange={(event) => setKind(kind.type, event.target.value ? [event.target.value] : [])}
                {...describedBy(kind.type, kind.does, missed(kind.type))}
              >
                <option value="">{isRequired ? "Choose" : "None"}</option>
                {options.map((choice) => (
                  <option key={choice.id} value={choice.id}>
                    {choice.name} ({choiceWords(choice)})
                  </option>
                ))}
              </Select>
            </Field>
          );
        })}
        {absent.length > 0 && (
          <p className="text-meta text-ink-3">
            No component yet for: {absent.map((kind) => kind.title.toLowerCase()).join(", ")}.{" "}
            <Link className="link" href={`/${workspace}/components/new`}>
              Register a component
            </Link>
          </p>
        )}
      </fieldset>
      <div className="flex flex-col gap-4 border-t border-rule pt-3">
        <Field id="labels" label="Labels" help="One KEY=value per line." error={errorOf("labels")} optional>
          <Textarea
            id="labels"
            value={labels}
            onChange={(event) => setLabels(event.target.value)}
            className="font-mono text-mono"
            spellCheck={false}
            {...describedBy("labels", "help", errorOf("labels"))}
          />
        </Field>
        <Field
          id="environment"
          label="Environment variables"
          help="Set where steps run on this stack: one KEY=value per line. They are readable by everybody who sees the stack; refer to secrets as {{name.key}}."
          error={errorOf("environment")}
          optional
        >
          <Textarea
            id="environment"
            value={environment}
            onChange={(event) => setEnvironment(event.target.value)}
            className="font-mono text-mono"
            spellCheck={false}
            {...describedBy("environment", "help", errorOf("environment"))}
          />
        </Field>
      </div>
      <div className="sticky bottom-0 -mx-1 flex flex-wrap items-center gap-x-2 gap-y-1 border-t border-rule bg-paper px-1 py-3">
        <Button type="submit" look="primary" size="lg" disabled={isPending || (stored !== undefined && changes.length === 0)}>
          {isPending ? "Saving" : stored ? "Save changes" : "Register stack"}
        </Button>
        <ButtonLink href={cancelHref} look="ghost" size="lg">
          Cancel
        </ButtonLink>
        {changes.length > 0 && (
          <ul className="basis-full text-meta text-ink-2" aria-label="What changes">
            {changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        )}
      </div>
    </form>
  );
}

const withArticle = (word: string) => `${/^[aeiou]/.test(word) ? "an" : "a"} ${word}`;

const choiceWords = (choice: PartChoice) => `${choice.flavor}${choice.isLocal ? ", local" : ""}`;

/** What would be saved, in words. */
function changesOf(
  stored: Stored,
  now: { name: string; description: string; labels: string; environment: string; parts: string[] },
  choices: readonly PartChoice[],
): string[] {
  const nameOf = (id: string) => choices.find((choice) => choice.id === id)?.name ?? stored.parts.find((part) => part.id === id)?.name ?? "?";
  const typeOf = (id: string) => choices.find((choice) => choice.id === id)?.type ?? stored.parts.find((part) => part.id === id)?.type;
  const parts = COMPONENT_KINDS.flatMap(({ type }) => {
    const before = stored.parts.filter((part) => part.type === type).map((part) => part.id);
    const after = now.parts.filter((id) => typeOf(id) === type);
    if (before.join() === after.join()) return [];
    return [`${kindTitle(type)}: ${before.map(nameOf).join(", ") || "none"} → ${after.map(nameOf).join(", ") || "none"}`];
  });
  return [
    ...(now.name !== stored.name ? [`Name: ${stored.name} → ${now.name}`] : []),
    ...(now.description !== stored.description ? ["Description"] : []),
    ...parts,
    ...(now.labels !== mapText(stored.labels) ? ["Labels"] : []),
    ...(now.environment !== mapText(stored.environment) ? ["Environment variables"] : []),
  ];
}
