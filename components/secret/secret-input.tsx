"use client";

import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";

type Props = {
  id: string;
  /** Whose value it is, for who does not see the row. */
  label: string;
  /** True for what was pasted and stays as it is. */
  isPasted: boolean;
  placeholder?: string;
  onValue: (value: string, isPasted: boolean) => void;
};

/**
 * A value on its way in: never drawn, never prefilled. React does not hold it, so that no attribute carries it. A text of several lines, such as
 * a private key, does not fit into a line: it stays as it was pasted.
 */
export function SecretInput({ id, label, isPasted, placeholder, onValue }: Props) {
  if (isPasted)
    return (
      <span className="flex min-h-9 items-center gap-2">
        <span aria-hidden="true">••••••••••••</span>
        <span className="text-meta text-ink-3 max-md:sr-only">as pasted</span>
        <Button look="ghost" aria-label={`Replace the ${label}`} onClick={() => onValue("", false)}>
          Replace
        </Button>
      </span>
    );
  return (
    <Input
      id={id}
      name={`ui-${id}`}
      type="password"
      aria-label={label}
      placeholder={placeholder}
      autoComplete="new-password"
      spellCheck={false}
      onChange={(event) => onValue(event.target.value, false)}
      onPaste={(event) => {
        const text = event.clipboardData.getData("text");
        if (!/[\r\n]/.test(text.trim())) return;
        event.preventDefault();
        onValue(text, true);
      }}
    />
  );
}
