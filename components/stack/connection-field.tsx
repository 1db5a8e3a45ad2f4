"use client";

import Link from "next/link";
import { useEffect } from "react";
import { findReachable } from "@/app/(console)/[workspace]/components/actions";
import { Reachable } from "@/components/connector/reachable";
import { Field, Select, TextField } from "@/components/ui/field";
import { useActionCall } from "@/components/ui/use-action-call";
import type { ConnectorChoice, ConnectorNeeds } from "@/lib/components/schema";

export type Connection = { id: string; resourceId: string | null } | null;

type Props = {
  workspace: string;
  needs: ConnectorNeeds;
  choices: ConnectorChoice[];
  value: Connection;
  error: string | null;
  onChange: (value: Connection) => void;
  /** Takes a resource into the field that names it, where the flavor has one. */
  onResource: (id: string) => void;
};

/** The connector that a component gets its credentials through, with what it reaches. */
export function ConnectionField({ workspace, needs, choices, value, error, onChange, onResource }: Props) {
  const [state, call, isAsking] = useActionCall(findReachable);
  const chosen = choices.find((one) => one.id === value?.id && one.type) ?? null;
  const chosenId = chosen?.id;
  useEffect(() => {
    if (chosenId) call({ workspace, id: chosenId, resourceType: needs.resourceType });
  }, [chosenId, workspace, needs.resourceType, call]);
  const choose = (id: string) => {
    const one = choices.find((choice) => choice.id === id);
    if (one?.resourceId && needs.field) onResource(one.resourceId);
    onChange(one ? { id: one.id, resourceId: needs.field ? null : one.resourceId } : null);
  };
  const pick = (id: string) => {
    if (needs.field) onResource(id);
    else if (value) onChange({ id: value.id, resourceId: id });
  };
  const words = `For ${needs.resourceType}${needs.connectorType ? ` of ${needs.connectorType}` : ""}. Who runs on this component gets credentials of it.`;
  return (
    <fieldset className="flex flex-col gap-4 border-t border-rule pt-3">
      <legend className="sr-only">Connector</legend>
      <h2 className="text-section">Connector</h2>
      <Field
        id="connection"
        label="Gets its credentials through"
        error={error}
        optional
        help={
          choices.length > 0 ? (
            words
          ) : (
            <>
              There is no connector for {needs.resourceType} that you may use.{" "}
              <Link className="link" href={`/${workspace}/connectors/new`}>
                Register one
              </Link>
            </>
          )
        }
      >
        <Select id="connection" value={value?.id ?? ""} disabled={choices.length === 0} onChange={(event) => choose(event.target.value)}>
          <option value="">No connector</option>
          {choices.map((one) => (
            <option key={one.id} value={one.id}>
              {one.type
                ? [`${one.name} (${one.type}, ${one.method})`, one.resourceId].filter(Boolean).join(" for ")
                : `${one.name}, which you may not use yourself`}
            </option>
          ))}
        </Select>
      </Field>
      {value && !needs.field && (
        <TextField
          id="resourceId"
          label="Resource"
          optional
          value={value.resourceId ?? ""}
          onChange={(event) => onChange({ id: value.id, resourceId: event.target.value.trim() || null })}
          help="Left empty it is the connector’s own."
          autoComplete="off"
          spellCheck={false}
        />
      )}
      {chosen && (
        <Reachable
          isTrying={isAsking}
          answer={state.status === "done" ? state.result : null}
          error={state.status === "error" ? state.message : null}
          onPick={(_type, id) => pick(id)}
          pickWords="use it"
        />
      )}
    </fieldset>
  );
}
