import "server-only";
import { z } from "zod";
import type { Condition, ListSpec } from "./list";

/** Input of an offset list; its conditions are checked against the slice's fields when they become SQL. */
export const listInput = z.strictObject({
  spec: z.custom<ListSpec>(),
  /** Conditions that hold whatever the spec's logic says. */
  always: z.custom<readonly Condition[]>(),
});

/** The same, for entities with metadata. */
export const hydratedListInput = listInput.extend({ hydrate: z.boolean() });
