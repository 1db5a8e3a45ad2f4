"use client";

import { SecretField } from "@/components/secret/secret-field";
import { ConfigFieldInput } from "@/components/stack/config-field";
import type { ProviderSettings } from "./use-provider-settings";

type Props = { settings: ProviderSettings; errorOf: (field: string) => string | undefined };

/** The fields of a provider, made from its definition: what may be shown first, then what is never shown. */
export function ProviderFields({ settings: { plain, secret, typed, keys, isKept, type, setKey }, errorOf }: Props) {
  return (
    <>
      {plain.map((field) => (
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
      ))}
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
