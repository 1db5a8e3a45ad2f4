"use client";

import { Button } from "@/components/ui/button";
import { describedBy, Field, Input, Select, Textarea } from "@/components/ui/field";
import type { ConfigField } from "@/lib/flavors/config-schema";

type Props = {
  field: ConfigField;
  typed: string;
  error: string | null;
  /** True for a secret that is stored and stays as it is. */
  isKept: boolean;
  onType: (typed: string) => void;
  onLeave: () => void;
  onReplace: () => void;
};

/** One field of a flavor: the control that its schema asks for, with its default and limits in the help. */
export function ConfigFieldInput({ field, typed, error, isKept, onType, onLeave, onReplace }: Props) {
  const id = field.name;
  const help = <Help field={field} />;
  const label = field.isDeprecated ? `${field.label} (deprecated)` : field.label;
  const common = { id, value: typed, onBlur: onLeave, ...describedBy(id, help, error) };
  return (
    <Field
      id={id}
      label={label}
      help={isKept ? "Stored by a client. It is not shown; replace it by a reference to a secret." : help}
      error={error}
      optional={!field.isRequired}
    >
      {isKept ? (
        <div className="flex min-h-9 items-center gap-3">
          <span id={id} className="text-ink-2">
            •••••••••••• set
          </span>
          <Button onClick={onReplace}>Replace</Button>
        </div>
      ) : field.kind === "boolean" || field.kind === "choice" ? (
        <Select {...common} onChange={(event) => onType(event.target.value)}>
          <option value="">{field.isRequired ? "Choose" : field.defaultText === null ? "Not set" : `Default: ${plain(field.defaultText)}`}</option>
          {(field.kind === "boolean" ? ["true", "false"] : field.options).map((option) => (
            <option key={option} value={option}>
              {field.kind === "boolean" ? (option === "true" ? "True" : "False") : option}
            </option>
          ))}
        </Select>
      ) : field.kind === "list" || field.kind === "map" || field.kind === "json" || field.hasLines ? (
        <Textarea
          {...common}
          onChange={(event) => onType(event.target.value)}
          spellCheck={false}
          className="font-mono text-mono"
          placeholder={field.kind === "map" ? "KEY=value" : field.kind === "json" && field.defaultText ? plain(field.defaultText) : undefined}
        />
      ) : (
        <Input
          {...common}
          onChange={(event) => onType(event.target.value)}
          inputMode={field.kind === "integer" ? "numeric" : field.kind === "number" ? "decimal" : undefined}
          placeholder={field.isSecret ? "{{name.key}}" : field.defaultText === null ? undefined : plain(field.defaultText)}
          autoComplete="off"
          spellCheck={false}
          className={field.isSecret ? "font-mono text-mono" : undefined}
        />
      )}
    </Field>
  );
}

function Help({ field }: { field: ConfigField }) {
  const parts = [
    field.help,
    field.isSecret && "A secret: write {{name.key}} to refer to one. Plain text is refused.",
    field.kind === "list" && "One entry per line.",
    field.kind === "map" && "One KEY=value per line.",
    field.kind === "json" && "As JSON.",
    field.limits && `Limits: ${field.limits}.`,
    field.defaultText !== null && field.kind !== "boolean" && field.kind !== "choice" && `Default: ${plain(field.defaultText)}.`,
  ].filter((part): part is string => Boolean(part));
  return parts.length > 0 ? parts.join(" ") : null;
}

/** JSON text without the quotes of plain text. */
const plain = (json: string) => {
  const value = JSON.parse(json) as unknown;
  return typeof value === "string" ? value : json.length > 80 ? `${json.slice(0, 80)}…` : json;
};
