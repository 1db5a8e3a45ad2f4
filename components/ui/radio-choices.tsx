import type { ReactNode } from "react";
import { cx } from "./class-names";

type Props<V extends string> = {
  legend: string;
  name: string;
  value: V;
  choices: readonly { value: V; label: string; help?: string }[];
  onChange: (value: V) => void;
  /** Side by side, where none needs a help. */
  isRow?: boolean;
  /** What the choice asks for more. */
  children?: ReactNode;
};

/** One of a few, each with what it means. */
export function RadioChoices<V extends string>({ legend, name, value, choices, onChange, isRow, children }: Props<V>) {
  return (
    <fieldset className={cx("flex", isRow ? "flex-wrap gap-x-6 gap-y-1" : "flex-col gap-1.5")}>
      <legend className="mb-1 text-body font-medium text-ink">{legend}</legend>
      {choices.map((one) => (
        <label key={one.value} className="flex min-h-7 items-start gap-2.5">
          <input
            type="radio"
            name={name}
            value={one.value}
            className="mt-0.5 size-4 shrink-0 accent-ink"
            checked={one.value === value}
            onChange={() => onChange(one.value)}
          />
          <span>
            <span className="text-ink">{one.label}</span> {one.help && <span className="text-ink-3">{one.help}</span>}
          </span>
        </label>
      ))}
      {children}
    </fieldset>
  );
}
