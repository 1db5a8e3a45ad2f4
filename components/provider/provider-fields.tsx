"use client";

import { SecretField } from "@/components/secret/secret-field";
import { ConfigFieldInput } from "@/components/stack/config-field";
import { Field, Textarea } from "@/components/ui/field";
import type { ProviderSettings } from "./use-provider-settings";

type Props = {
  settings: ProviderSettings;
  errorOf: (field: string) => string | undefined;
  /** Plain fields whose text has lines, which a line of input would lose: PEM. */
  withLines?: readonly string[];
};

/** The fields of a provider, made from its definition: what may be shown first, then what is never shown. */
export function ProviderFields({ settings: { plain, secret, typed, keys, isKept, type, setKey }, errorOf, withLines = [] }: Props) {
  return (
    <>
      {plain.map((field) =>
        withLines.includes(field.name) ? (
          <Field key={field.name} id={field.name} label={field.label} help={field.help ?? undefined} optional={!field.isRequired} error={errorOf(field.name)}>
            <Textarea
              id={field.name}
              value={typed[field.name] ?? ""}
              onChange={(event) => type(field.name, event.target.value)}
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
            onType={(value) => type(field.name, value)}
            onLeave={() => undefined}
            onReplace={() => undefined}
          />
        ),
      )}
      {secret.map((field) => (
        <SecretField
          key={field.name}
          name={field.name}
          label={field.label}
          help={field.help}
          isRequired={field.isRequired}
          isKept={isKept(field.name)}
          value={keys[field.name] ?? ""}
          error={errorOf(field.name)}
          onValue={(value) => setKey(field.name, value)}
        />
      ))}
    </>
  );
}
