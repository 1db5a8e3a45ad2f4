"use client";

import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";
import { Icon } from "@/components/ui/icon";
import {
  arity,
  type Filter,
  type FilterField,
  type FilterOperator,
  type ListDefinition,
  isComplete,
  isValue,
  operatorsOf,
  operatorWords,
  spanWords,
  takesSpan,
} from "./list-params";
import { MetadataKeys } from "./metadata-keys";

const SPANS = ["1h", "24h", "7d", "30d", "90d"];
const SPANS_AHEAD = ["24h", "7d", "14d", "30d", "90d"];
const CONTROL = "h-8 w-full rounded-1 border border-control bg-paper px-2 text-ink max-md:h-11 max-md:text-[16px]";

/** Edits one filter: operator, then as many values as it takes. Enter applies. */
export function FilterEditor({ field, filter, onApply }: { field: FilterField; filter: Filter | null; onApply: (filter: Filter) => void }) {
  const id = useId();
  const operators = operatorsOf(field);
  const [op, setOp] = useState<FilterOperator>(filter?.op ?? operators[0] ?? "is");
  const [values, setValues] = useState<string[]>(filter?.values ?? []);
  const [isWrong, setWrong] = useState(false);

  const takes = arity(op);
  const listed = takes === "many" && field.options !== undefined;
  const apply = () => {
    const kept =
      takes === "none"
        ? []
        : takes === "many" && !listed
          ? (values[0] ?? "")
              .split(",")
              .map((text) => text.trim())
              .filter(Boolean)
          : values.slice(0, takes === "two" ? 2 : undefined);
    const made = { field: field.key, op, values: kept };
    if (!isComplete(made) || kept.some((value) => !isValue(field, op, value))) setWrong(true);
    else onApply(made);
  };
  const set = (index: number, value: string) => {
    setWrong(false);
    setValues((was) => Object.assign([...was], { [index]: value }));
  };

  const inputType = field.kind === "time" ? "datetime-local" : field.kind === "number" || field.kind === "duration" ? "number" : "text";
  const input = (index: number, label: string) => (
    <input
      key={index}
      type={inputType}
      step={field.kind === "time" ? 60 : "any"}
      aria-label={label}
      aria-invalid={isWrong || undefined}
      value={takes === "many" && index === 0 ? values.join(", ") : (values[index] ?? "")}
      onChange={(event) => (takes === "many" ? setValues([event.target.value]) : set(index, event.target.value))}
      placeholder={field.placeholder ?? (field.kind === "duration" ? "Seconds" : takes === "many" ? "One or more, separated by commas" : undefined)}
      className={CONTROL}
    />
  );

  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <label htmlFor={id} className="text-section text-ink">
        {field.label}
      </label>
      <select
        id={id}
        value={op}
        onChange={(event) => {
          setOp(event.target.value as FilterOperator);
          setWrong(false);
        }}
        className={CONTROL}
      >
        {operators.map((operator) => (
          <option key={operator} value={operator}>
            {operatorWords({ op: operator, values: [] })}
          </option>
        ))}
      </select>
      {listed ? (
        <ul className="max-h-64 overflow-auto">
          {field.options?.map((option) => (
            <li key={option.value}>
              <label className="flex h-8 items-center gap-2.5 rounded-1 px-1.5 text-ink hover:bg-hover max-md:h-11">
                <input
                  type="checkbox"
                  className="size-4 accent-ink"
                  checked={values.includes(option.value)}
                  onChange={(event) => setValues(event.target.checked ? [...values, option.value] : values.filter((value) => value !== option.value))}
                />
                {option.label}
              </label>
            </li>
          ))}
        </ul>
      ) : takesSpan(op) ? (
        <div className="flex flex-wrap gap-1.5">
          {(op === "within" ? SPANS_AHEAD : SPANS).map((span) => (
            <Button key={span} look={values[0] === span ? "primary" : "plain"} onClick={() => onApply({ field: field.key, op, values: [span] })}>
              {spanWords(span)}
            </Button>
          ))}
        </div>
      ) : takes === "two" ? (
        <div className="flex flex-col gap-1.5">
          {input(0, "From")}
          {input(1, "To")}
        </div>
      ) : (
        takes !== "none" && input(0, "Value")
      )}
      {isWrong && (
        <p role="alert" className="flex items-center gap-1.5 text-meta text-fail">
          <Icon name="circle-alert" size={14} />
          {takes === "two" ? "Give both values." : "Give a value that fits the field."}
        </p>
      )}
      {!takesSpan(op) && (
        <Button type="submit" look="primary" className="self-start">
          Apply
        </Button>
      )}
    </form>
  );
}

const METADATA_ENTRY: FilterField = { key: "metadata", label: "Metadata…", kind: "metadata" };

/** The fields to filter by, and behind the last of them the keys of the metadata. */
export function FieldChoice({ definition, onChoose }: { definition: ListDefinition; onChoose: (field: FilterField) => void }) {
  const [isAskingKey, setAskingKey] = useState(false);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const offered = definition.metadata ? [...definition.fields, METADATA_ENTRY] : definition.fields;
  const choose = (known: FilterField | undefined) => (known === METADATA_ENTRY ? setAskingKey(true) : known && onChoose(known));
  const matches = offered.filter((known) => known.label.toLowerCase().includes(text.toLowerCase()));
  if (isAskingKey && definition.metadata) return <MetadataKeys type={definition.metadata} onChoose={onChoose} />;
  return (
    <>
      <input
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setActive(Math.min(active + 1, matches.length - 1));
          else if (event.key === "ArrowUp") setActive(Math.max(active - 1, 0));
          else if (event.key === "Enter") choose(matches[active]);
          else return;
          event.preventDefault();
        }}
        role="combobox"
        aria-expanded="true"
        aria-controls="filter-fields"
        aria-activedescendant={matches[active] ? `filter-field-${matches[active].key}` : undefined}
        aria-label="Field to filter by"
        placeholder="Field"
        className="mb-1 h-8 w-full rounded-1 border border-control bg-paper px-2.5 text-ink placeholder:text-ink-3 max-md:h-11 max-md:text-[16px]"
      />
      <ul id="filter-fields" role="listbox" aria-label="Fields" className="max-h-72 overflow-auto">
        {matches.map((known, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above handles the keys of its options
          <li
            key={known.key}
            id={`filter-field-${known.key}`}
            role="option"
            aria-selected={index === active}
            onClick={() => choose(known)}
            onPointerMove={() => setActive(index)}
            className={cx("flex h-8 cursor-pointer items-center rounded-1 px-2.5 text-ink max-md:h-11", index === active && "bg-select")}
          >
            {known.label}
          </li>
        ))}
      </ul>
      {matches.length === 0 && <p className="px-2.5 py-1.5 text-ink-3">No field has this name.</p>}
    </>
  );
}
