import "server-only";
import type { Condition, Fields, ListSpec } from "@/lib/kernel/list";
import type { WireCall } from "./endpoint";
import { checkPage, parseList } from "./list-query";
import { type Page, pageOf } from "./respond";

// A list call: the parameters that scope it (`project`, `model`, `artifact`) always hold, whatever `logical_operator` says of the others.

export type ListInput = { spec: ListSpec; always: Condition[] };

type Options = { scopes?: readonly string[]; ignore?: readonly string[]; defaultSort?: string };

/**
 * Parses the call, asks for one page and presents its items. Errors: invalid_input (422) for unknown parameters and values that don't
 * fit, bad_request (400) for a page past the end.
 */
export async function answerList<T, W>(
  call: WireCall,
  fields: Fields,
  read: (input: ListInput) => Promise<{ total: number; items: T[] }>,
  present: (items: T[]) => W[] | Promise<W[]>,
  options: Options = {},
): Promise<Page<W>> {
  const scopes = options.scopes ?? ["project"];
  const always = new URLSearchParams();
  const others = new URLSearchParams();
  for (const [name, value] of call.query) (scopes.includes(name) ? always : others).append(name, value);
  const { spec, page, size } = parseList(others, fields, options);
  const { conditions } = parseList(always, fields, options).spec;
  const found = await read({ spec, always: [...conditions] });
  checkPage(page, size, found.total);
  return pageOf(await present(found.items), found.total, page, size);
}
