import type { Migration } from "kysely";
import * as createSpine from "./202611222000_create_spine";

/** Every migration in order of its name. Forward only: a landed one is never edited. */
export const migrations: Record<string, Migration> = {
  "202611222000_create_spine": createSpine,
};
