"use client";

import { describedBy, Field, Input, Select } from "@/components/ui/field";
import type { ConfigField } from "@/lib/flavors/config-schema";
import type { KindForm } from "@/lib/secrets/kind-schema";
import { SecretField } from "./secret-field";

/** What is typed by field; null for a stored value that is taken away. */
export type KindValues = Record<string, string | null>;

/** What was typed, and what is taken away, as a change of a secret. */
export const typedPairs = (form: KindForm, values: KindValues): [string, string | null][] =>
  form.fields.flatMap(({ name }): [string, string | null][] => {
    const value = values[name];
    return value === null ? [[name, null]] : value?.trim() ? [[name, value]] : [];
  });

/** What has to be typed still. `kept`: fields that are stored. */
export const missingFields = (form: KindForm, values: KindValues, kept: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(
    form.fields
      .filter((field) => field.isRequired && !values[field.name]?.trim() && !(kept.includes(field.name) && values[field.name] !== null))
      .map((field) => [field.name, `${field.label} is needed.`]),
  );

type Props = {
  form: KindForm;
  values: KindValues;
  kept?: readonly string[];
  onChange: (values: KindValues) => void;
  errorOf: (field: string) => string | undefined;
};

/** The fields of a kind, made from its definition. */
export function KindFields({ form, values, kept = [], onChange, errorOf }: Props) {
  const set = (name: string, value: string | null) => onChange({ ...values, [name]: value });
  return (
    <>
      <p className="text-meta text-ink-3">
        {form.about}{" "}
        <a className="link" href={form.docs.url} target="_blank" rel="noreferrer">
          {form.docs.label}
        </a>
        {form.note && <span className="mt-1 block">{form.note}</span>}
      </p>
      {form.fields.map((field) => {
        const isKept = kept.includes(field.name);
        const common = { isKept, error: errorOf(field.name), value: values[field.name] ?? "", onValue: (value: string) => set(field.name, value) };
        if (values[field.name] === null)
          return (
            <p key={field.name} className="flex min-h-9 items-center gap-3">
              <span className="text-body font-medium text-ink">{field.label}</span> <span className="text-ink-3">is removed</span>
              <button type="button" className="link text-meta" onClick={() => set(field.name, "")}>
                Keep it
              </button>
            </p>
          );
        return (
          <div key={field.name}>
            {field.isSecret ? (
              <SecretField name={field.name} label={field.label} help={field.help} isRequired={field.isRequired} {...common} />
            ) : (
              <PlainField field={field} {...common} />
            )}
            {isKept && !field.isRequired && (
              <button type="button" className="link mt-1 text-meta" aria-label={`Remove ${field.label}`} onClick={() => set(field.name, null)}>
                Remove
              </button>
            )}
          </div>
        );
      })}
    </>
  );
}

type PlainProps = { field: ConfigField; isKept: boolean; value: string; error?: string; onValue: (value: string) => void };

function PlainField({ field, isKept, value, error, onValue }: PlainProps) {
  const common = { id: field.name, name: `ui-${field.name}`, value, ...describedBy(field.name, field.help, error) };
  return (
    <Field id={field.name} label={field.label} help={field.help} optional={!field.isRequired} error={error}>
      {field.options.length > 0 ? (
        <Select {...common} onChange={(event) => onValue(event.target.value)}>
          <option value="">{isKept ? "Stays as it is" : "Not set"}</option>
          {field.options.map((option) => (
            <option key={option} value={option}>
              {option}
            </option>
          ))}
        </Select>
      ) : (
        <Input
          {...common}
          placeholder={isKept ? "stays as it is" : undefined}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onValue(event.target.value)}
        />
      )}
    </Field>
  );
}
