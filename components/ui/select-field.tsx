import type { ReactNode, SelectHTMLAttributes } from "react";
import { describedBy, Field, Select } from "./field";

export type Choice = { value: string; label: string };

/** A labelled choice of one out of a list. */
export function SelectField({
  id,
  label,
  help,
  error,
  optional,
  choices,
  ...rest
}: {
  id: string;
  label: string;
  help?: ReactNode;
  error?: string | null;
  optional?: boolean;
  choices: readonly Choice[];
} & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Field id={id} label={label} help={help} error={error} optional={optional}>
      <Select id={id} name={rest.name ?? id} {...rest} {...describedBy(id, help, error)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </Select>
    </Field>
  );
}
