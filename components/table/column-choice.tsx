"use client";

import {
  type ColumnDef,
  type ColumnOrderState,
  type ColumnVisibilityState,
  columnOrderingFeature,
  columnVisibilityFeature,
  functionalUpdate,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useMemo, useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";
import type { ListDefinition } from "./list-params";
import { MetadataKeys } from "./metadata-keys";

type Item = { id: string; label: string };
export type ColumnChoiceProps = {
  all: Item[];
  visible: string[];
  /** The kind of thing whose logged keys can be columns too. */
  metadata?: ListDefinition["metadata"];
  onChange: (columns: string[] | null) => void;
};

const features = tableFeatures({ columnVisibilityFeature, columnOrderingFeature });
const NO_ROWS: object[] = [];

/** Which columns, in which order: check to show, drag or the arrows (⌥↑ ⌥↓) to move. */
export function ColumnChoice({ all, visible: drawn, metadata, onChange }: ColumnChoiceProps) {
  const [isChoosingKey, setChoosingKey] = useState(false);
  const [text, setText] = useState("");
  // What was chosen shows at once; the list follows when the server has drawn it.
  const [chosen, setChosen] = useState<{ columns: string[]; over: string }>();
  if (chosen && chosen.over !== drawn.join()) setChosen(undefined);
  const visible = chosen?.columns ?? drawn;
  const choose = (columns: string[] | null) => {
    setChosen(columns ? { columns, over: drawn.join() } : undefined);
    onChange(columns);
  };
  const [dragged, setDragged] = useState<string | null>(null);
  const columns = useMemo(() => all.map(({ id, label }): ColumnDef<typeof features, object> => ({ id, header: label })), [all]);
  // The address holds what is shown, in its order; the table's state is that and the hidden ones after it.
  const columnOrder = [...visible, ...all.map(({ id }) => id).filter((id) => !visible.includes(id))];
  const columnVisibility = Object.fromEntries(columnOrder.map((id) => [id, visible.includes(id)]));
  const shownOf = (order: ColumnOrderState, shows: ColumnVisibilityState) => order.filter((id) => shows[id]);
  const table = useTable({
    features,
    columns,
    data: NO_ROWS,
    state: { columnOrder, columnVisibility },
    onColumnOrderChange: (change) => choose(shownOf(functionalUpdate(change, columnOrder), columnVisibility)),
    onColumnVisibilityChange: (change) => choose(shownOf(columnOrder, functionalUpdate(change, columnVisibility))),
  });
  const matches = table
    .getAllLeafColumns()
    .map((column) => ({ column, label: String(column.columnDef.header) }))
    .filter(({ label }) => label.toLowerCase().includes(text.toLowerCase()));
  const move = (id: string, by: number) => {
    const at = visible.indexOf(id);
    const to = at + by;
    if (at < 0 || to < 0 || to >= visible.length) return;
    const next = columnOrder.filter((known) => known !== id);
    next.splice(to, 0, id);
    table.setColumnOrder(next);
  };
  return (
    <>
      <input
        value={text}
        onChange={(event) => setText(event.target.value)}
        aria-label="Find a column"
        placeholder="Find a column"
        className="mb-1 h-8 w-full rounded-1 border border-control bg-paper px-2.5 text-ink placeholder:text-ink-3"
      />
      <ul className="max-h-80 overflow-auto">
        {matches.map(({ column, label }) => {
          const { id } = column;
          const isShown = column.getIsVisible();
          return (
            <li
              key={id}
              draggable={isShown}
              onDragStart={() => setDragged(id)}
              onDragOver={(event) => event.preventDefault()}
              onDrop={() => {
                if (dragged && isShown) move(dragged, visible.indexOf(id) - visible.indexOf(dragged));
                setDragged(null);
              }}
              onKeyDown={(event) => {
                if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
                event.preventDefault();
                move(id, event.key === "ArrowUp" ? -1 : 1);
              }}
              className={cx("flex h-8 items-center gap-1 rounded-1 pl-1.5 hover:bg-hover", dragged === id && "bg-select")}
            >
              <label className="flex flex-1 items-center gap-2.5 text-ink">
                <input
                  type="checkbox"
                  className="size-4 accent-ink"
                  checked={isShown}
                  disabled={isShown && visible.length === 1}
                  onChange={() => column.toggleVisibility()}
                />
                {label}
              </label>
              {isShown && (
                <>
                  <IconButton icon="arrow-up" size={13} label={`Move ${label} left`} className="size-6" onClick={() => move(id, -1)} />
                  <IconButton icon="arrow-down" size={13} label={`Move ${label} right`} className="size-6" onClick={() => move(id, 1)} />
                </>
              )}
            </li>
          );
        })}
      </ul>
      {matches.length === 0 && <p className="px-2 py-1.5 text-ink-3">No column has this name.</p>}
      {metadata && isChoosingKey && (
        <div className="mt-1 border-t border-rule pt-2">
          <MetadataKeys
            type={metadata}
            purpose="show as a column"
            onChoose={({ key }) => {
              setChoosingKey(false);
              if (!visible.includes(key)) choose([...visible, key]);
            }}
          />
        </div>
      )}
      <div className="mt-1 border-t border-rule pt-1">
        {metadata && !isChoosingKey && (
          <Button look="ghost" icon="plus" onClick={() => setChoosingKey(true)}>
            Metadata key
          </Button>
        )}
        <Button look="ghost" onClick={() => onChange(null)}>
          Reset
        </Button>
      </div>
    </>
  );
}
