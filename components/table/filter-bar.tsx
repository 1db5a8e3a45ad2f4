"use client";

import { type ReactNode, useEffect, useState } from "react";
import { isTyping } from "@/components/shell/keys";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";
import { Icon } from "@/components/ui/icon";
import { Kbd } from "@/components/ui/kbd";
import { laterInLayer } from "@/components/ui/layers";
import { Popover } from "@/components/ui/popover";
import {
  fieldFor,
  type Filter,
  type FilterField,
  joinFilters,
  type ListDefinition,
  type ListView,
  operatorWords,
  toggleOr,
  valueWords,
  withFilter,
  withoutFilter,
} from "./list-params";

const editors = laterInLayer(() => import("./filter-editor"));

type Props = {
  definition: ListDefinition;
  view: ListView;
  onChange: (view: ListView) => void;
  hasKeys: boolean;
  end?: ReactNode;
};

/** The filters as chips. Every part of a chip opens its editor; `f` opens the list of fields. */
export function FilterBar({ definition, view, onChange, hasKeys, end }: Props) {
  const [adding, setAdding] = useState(false);
  const [dragged, setDragged] = useState<number | null>(null);
  useEffect(() => {
    if (!hasKeys) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "f" || event.shiftKey || isTyping(event)) return;
      event.preventDefault();
      setAdding(true);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [hasKeys]);

  const setFilters = (filters: Filter[]) => onChange({ ...view, filters, after: undefined, countsAll: false });
  return (
    <div className="pad-x flex flex-wrap items-center gap-1.5 py-2.5 print-hidden">
      {view.filters.map((filter, index) => {
        const field = fieldFor(definition, filter);
        if (!field) return null;
        const isOr = index > 0 && (view.matchesAny || filter.or === true);
        const isInGroup = isOr || view.matchesAny || view.filters[index + 1]?.or === true;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the buttons inside
          <span
            key={`${filter.field} ${filter.op} ${filter.values.join()}`}
            className="inline-flex max-w-full items-center gap-1.5"
            draggable={view.filters.length > 1}
            onDragStart={() => setDragged(index)}
            onDragEnd={() => setDragged(null)}
            onDragOver={(event) => dragged !== null && event.preventDefault()}
            onDrop={() => dragged !== null && onChange(joinFilters(view, dragged, index))}
            onKeyDown={(event) => {
              if (
                !hasKeys ||
                event.key !== "o" ||
                index === 0 ||
                event.ctrlKey ||
                event.metaKey ||
                event.altKey ||
                !event.currentTarget.contains(event.target as Node)
              )
                return;
              if ((event.target as HTMLElement).localName !== "button") return;
              event.preventDefault();
              onChange(toggleOr(view, index));
            }}
          >
            {index > 0 && (
              <button
                type="button"
                className="min-h-6 min-w-6 rounded-1 px-0.5 text-meta text-ink-3 hover:bg-hover hover:text-ink max-md:min-h-8"
                title={isOr ? "This or the one before is enough. Press to ask for both." : "Both must hold. Press to let this or the one before be enough."}
                aria-keyshortcuts={hasKeys ? "o" : undefined}
                onClick={() => onChange(toggleOr(view, index))}
              >
                {isOr ? "or" : "and"}
              </button>
            )}
            <FilterChip
              field={field}
              filter={filter}
              isInGroup={isInGroup}
              onChange={(changed) => setFilters(view.filters.map((item, at) => (at === index ? { ...changed, ...(item.or && { or: true }) } : item)))}
              onRemove={() => onChange(withoutFilter(view, index))}
            />
          </span>
        );
      })}
      <AddFilter
        definition={definition}
        open={adding}
        onOpenChange={setAdding}
        hasKeys={hasKeys}
        onAdd={(filter) => {
          setAdding(false);
          onChange(withFilter(view, filter));
        }}
      />
      {view.filters.length > 0 && (
        <Button look="ghost" onClick={() => setFilters([])} className="max-md:h-8">
          Clear
        </Button>
      )}
      <span className="ml-auto flex items-center gap-1.5">{end}</span>
    </div>
  );
}

const CHIP = "inline-flex h-[26px] max-w-full overflow-hidden whitespace-nowrap rounded-1 border border-control bg-paper text-ink-2 max-md:h-8";

type ChipProps = { field: FilterField; filter: Filter; isInGroup: boolean; onChange: (filter: Filter) => void; onRemove: () => void };

function FilterChip({ field, filter, isInGroup, onChange, onRemove }: ChipProps) {
  const [open, setOpen] = useState(false);
  const words = valueWords(field, filter);
  return (
    <span className={cx(CHIP, "items-stretch", isInGroup && "border-ink-2")}>
      <Popover
        label={`Filter ${field.label}`}
        className="w-72 p-3"
        open={open}
        onOpenChange={setOpen}
        code={editors}
        trigger={
          <button type="button" className="flex min-w-0 items-center gap-1.5 px-2 hover:bg-hover focus-visible:outline-offset-[-2px]">
            {field.label} <span className="text-ink-3">{operatorWords(filter)}</span>
            {words && <b className="max-w-56 truncate">{words}</b>}
          </button>
        }
      >
        {({ FilterEditor }) => (
          <FilterEditor
            field={field}
            filter={filter}
            onApply={(changed) => {
              setOpen(false);
              onChange(changed);
            }}
          />
        )}
      </Popover>
      <button
        type="button"
        aria-label={`Remove the filter ${field.label} ${operatorWords(filter)} ${words}`}
        title="Remove"
        onClick={onRemove}
        className="grid w-6 place-items-center border-l border-rule text-ink-3 hover:bg-hover hover:text-ink focus-visible:outline-offset-[-2px] max-md:w-8"
      >
        <Icon name="x" size={12} />
      </button>
    </span>
  );
}

function AddFilter({
  definition,
  open,
  onOpenChange,
  onAdd,
  hasKeys,
}: {
  definition: ListDefinition;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onAdd: (filter: Filter) => void;
  hasKeys: boolean;
}) {
  const [field, setField] = useState<FilterField | null>(null);
  return (
    <Popover
      label="Add a filter"
      className={field ? "w-72 p-3" : "w-60 p-1"}
      open={open}
      onOpenChange={(next) => {
        onOpenChange(next);
        setField(null);
      }}
      code={editors}
      trigger={
        <button type="button" data-page-search className={cx(CHIP, "items-center gap-1.5 border-dashed px-2 hover:bg-hover")}>
          <Icon name="plus" size={14} />
          Filter
          {hasKeys && (
            <span className="max-md:hidden">
              <Kbd>F</Kbd>
            </span>
          )}
        </button>
      }
    >
      {({ FieldChoice, FilterEditor }) =>
        field ? <FilterEditor field={field} filter={null} onApply={onAdd} /> : <FieldChoice definition={definition} onChoose={setField} />
      }
    </Popover>
  );
}
