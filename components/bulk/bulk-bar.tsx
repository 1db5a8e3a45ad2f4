"use client";

import { later, useLater } from "@/components/ui/layers";
import type { BulkProps } from "./bulk-acts";

export type { BulkPlace } from "./bulk-acts";

const acts = later(() => import("./bulk-acts"));

/** The acts on chosen rows, for the `bulk` of a DataTable: their code comes after the list's own, as nothing is chosen at first. */
export function BulkBar(props: BulkProps) {
  const code = useLater(acts, true);
  return code && <code.BulkActs {...props} />;
}
