import { listConditions, type ListDefinition, type ListView } from "@/components/table/list-params";

// The same view for the command line. What the client's filters can't say is left out and named.

const quote = (text: string) => (/^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** The `zenml` call that lists what the page shows, and the labels of the filters that it can't carry. `options`: our field → its option. */
export function listCommand(
  command: string,
  definition: ListDefinition,
  view: ListView,
  options: Record<string, string>,
  now: number,
  zone: string,
): { command: string; left: string[] } {
  const left: string[] = [];
  const parts = listConditions(definition, view.filters, now, zone).flatMap(({ field, op, value }) => {
    const option = options[field];
    const values = [value].flat();
    if (!option || ["isnull", "isnotnull", "between", "in"].includes(op)) {
      left.push(definition.fields.find((known) => known.key === field)?.label ?? field);
      return [];
    }
    const text =
      op === "oneof" && values.length === 1
        ? `equals:${values[0]}`
        : op === "oneof" || op === "notoneof"
          ? `${op}:${JSON.stringify(values)}`
          : `${op}:${values[0]}`;
    return [`--${option} ${quote(text)}`];
  });
  if (view.matchesAny) parts.push("--logical_operator or");
  const sort = options[view.sort.field];
  if (sort) parts.push(`--sort_by ${view.sort.direction}:${sort}`);
  return { command: [command, ...parts].join(" "), left };
}

/** What to say of filters that a client's call can't carry; undefined when there are none. */
export const leftOutWords = (left: readonly string[]): string | undefined =>
  left.length > 0 ? `The client can’t filter by ${left.join(", ")} this way: left out.` : undefined;

/** The shell's spelling of a value. */
export const shellWord = quote;
