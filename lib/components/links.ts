import { z } from "zod";
import { AppError } from "@/lib/kernel/errors";

// What clients would link to stacks and components and Reeve doesn't have yet. Commands take the wish and refuse it after the decision,
// so that whoever may not change the thing hears that first.

export const linkWishes = {
  connectors: z.array(z.unknown()).optional(),
};

/** Error: not_implemented for what a thing would refer to. */
export function requireUnlinked({ connectors }: { connectors?: readonly unknown[] }): void {
  if (connectors?.length) throw new AppError("not_implemented", "Reeve has no service connectors yet, so stacks and components can’t be connected to one.");
}
