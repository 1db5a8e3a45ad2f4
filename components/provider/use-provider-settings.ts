"use client";

import { useState } from "react";
import { configurationText, typedOf } from "@/components/stack/config-text";
import type { ConfigField } from "@/lib/flavors/config-schema";

type Method = { method: string; fields: ConfigField[] };
/** What is stored: JSON text by field, and the names of the secret fields that Reeve holds. */
type Stored = { method: string; values: Record<string, string>; kept: string[] };

/** What is typed into a provider's form. Secret fields go into the request and nowhere else; an empty one keeps what is stored. */
export function useProviderSettings(method: Method, stored: Stored | undefined) {
  const plain = method.fields.filter((field) => !field.isSecret);
  const secret = method.fields.filter((field) => field.isSecret);
  const [typed, setTyped] = useState<Record<string, string>>(() =>
    Object.fromEntries(plain.map((field) => [field.name, typedOf(field, stored?.values[field.name])])),
  );
  const [keys, setKeys] = useState<Record<string, string>>({});
  const written = configurationText(plain, typed);
  const isKept = (name: string) => stored?.method === method.method && stored.kept.includes(name);
  const missing: Record<string, string> = {
    ...Object.fromEntries(
      method.fields
        .filter((field) => field.isRequired && !isKept(field.name) && !(field.isSecret ? keys[field.name] : typed[field.name]?.trim()))
        .map((field) => [field.name, `${field.label} is needed.`]),
    ),
    ...written.errors,
  };
  return {
    plain,
    secret,
    typed,
    keys,
    isKept,
    missing,
    type: (name: string, value: string) => setTyped((was) => ({ ...was, [name]: value })),
    setKey: (name: string, value: string) => setKeys((was) => ({ ...was, [name]: value })),
    /** As the server takes them. */
    values: {
      ...(JSON.parse(written.text) as object),
      ...Object.fromEntries(secret.flatMap(({ name }) => (keys[name] ? [[name, keys[name]]] : []))),
    },
  };
}

export type ProviderSettings = ReturnType<typeof useProviderSettings>;
