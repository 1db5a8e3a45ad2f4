"use client";

import { Field } from "@/components/ui/field";
import { SecretInput } from "./secret-input";

type Props = {
  name: string;
  label: string;
  help?: string | null;
  isRequired: boolean;
  /** True where a value is stored that stays unless another is given. */
  isKept: boolean;
  value: string;
  error?: string;
  onValue: (value: string) => void;
};

/** A field of a provider's form that is never shown: a text of several lines is taken as it was pasted. */
export function SecretField({ name, label, help, isRequired, isKept, value, error, onValue }: Props) {
  return (
    <Field id={name} label={label} help={help ?? undefined} optional={!isRequired} error={error}>
      <SecretInput id={name} label={label} placeholder={isKept ? "stays as it is" : ""} isPasted={value.includes("\n")} onValue={onValue} />
    </Field>
  );
}
