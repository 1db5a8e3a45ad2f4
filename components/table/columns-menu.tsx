"use client";

import { IconButton } from "@/components/ui/button";
import { laterInLayer } from "@/components/ui/layers";
import { Popover } from "@/components/ui/popover";
import type { ColumnChoiceProps } from "./column-choice";

const choice = laterInLayer(() => import("./column-choice"));

/** The door of the columns: which are shown, in which order. */
export function ColumnsMenu(props: ColumnChoiceProps) {
  return (
    <Popover label="Columns" align="end" className="w-64 p-2" code={choice} trigger={<IconButton icon="columns-3" label="Columns" className="max-md:hidden" />}>
      {({ ColumnChoice }) => <ColumnChoice {...props} />}
    </Popover>
  );
}
