import { z } from "zod";
import { AppError } from "@/lib/kernel/errors";

// What clients would link to a stack as a whole. Commands take the wish and refuse it after the decision, so that whoever may not change the
// thing hears that first.

export const linkWishes = {
  connectors: z.array(z.unknown()).optional(),
};

/** Error: not_implemented for connectors that would be registered together with a stack. */
export function requireUnlinked({ connectors }: { connectors?: readonly unknown[] }): void {
  if (connectors?.length)
    throw new AppError("not_implemented", "A stack registers no connectors of its own yet.", {
      fix: "Register the connector, and connect the stack’s components to it.",
    });
}
