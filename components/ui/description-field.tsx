import { describedBy, Field, Textarea } from "./field";

type Props = { value?: string; max?: number; help?: string; error?: string };

/** The lines that say what a thing is for. */
export const DescriptionField = ({ value, max = 1_000, help, error }: Props) => (
  <Field id="description" label="Description" help={help} optional error={error}>
    <Textarea id="description" name="description" defaultValue={value} maxLength={max} {...describedBy("description", help, error)} />
  </Field>
);
