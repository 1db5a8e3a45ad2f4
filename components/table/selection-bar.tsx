"use client";

import type { ReactNode } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { counted, countWords } from "@/components/ui/time-words";
import type { RowSelection } from "./selection";

type Props = {
  noun: { one: string; many: string };
  selection: RowSelection;
  total: { count: number; isExact: boolean };
  isFiltered: boolean;
  onClose: () => void;
  children: ReactNode;
};

/** What floats at the bottom while rows are chosen: how many, what can be done with them (`children`), and the way to all that match. */
export function SelectionBar({ noun, selection, total, isFiltered, onClose, children }: Props) {
  const { count, isAll } = selection;
  const more = `${countWords(total.count)}${total.isExact ? "" : "+"}`;
  const words = isAll ? `All ${more} ${noun.many}` : counted(count, noun.one, noun.many);
  return (
    <>
      <p role="status" className="sr-only">
        {count > 0 ? `${words} selected` : ""}
      </p>
      {count > 0 && (
        <div className="pointer-events-none fixed inset-x-0 bottom-0 z-30 flex justify-center md:bottom-14 md:left-(--nav-folded) md:px-4 lg:left-(--nav) print-hidden">
          <section
            aria-label={`Selected ${noun.many}`}
            className="pointer-events-auto flex max-w-full flex-wrap items-center gap-2 rounded-2 border border-rule-strong bg-paper py-1.5 pr-1.5 pl-3.5 text-ink shadow-pop animate-rise max-md:w-full max-md:rounded-none max-md:border-x-0 max-md:border-b-0 max-md:px-4 max-md:pb-[max(8px,env(safe-area-inset-bottom))]"
          >
            <span className="mr-1 font-medium tabular">{words}</span>
            {children}
            {!isAll && (total.count > count || !total.isExact) && (
              <Button look="ghost" onClick={selection.chooseAll}>
                Select all {more}
                {isFiltered && " that match"}
              </Button>
            )}
            <IconButton icon="x" label="Clear the selection" onClick={onClose} className="max-md:ml-auto" />
          </section>
        </div>
      )}
    </>
  );
}
