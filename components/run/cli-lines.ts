import { listConditions, type ListView } from "@/components/table/list-params";
import { RUN_STATES } from "@/lib/runs/schema";
import { RUN_LIST } from "./run-list";

// The same view for the command line. What the client's filters can't say is left out and named.
const OPTIONS: Record<string, string> = {
  status: "status",
  name: "name",
  pipeline: "pipeline_name",
  stack: "stack",
  by: "user",
  model: "model",
  tag: "tag",
  started: "start_time",
  ended: "end_time",
};

/** The `zenml` call that lists what the page shows, and the filters it can't carry, in words. */
export function runsCommand(view: ListView, now: number, zone: string): { command: string; left: string[] } {
  const left: string[] = [];
  const options = listConditions(RUN_LIST, view.filters, now, zone).flatMap(({ field, op, value }) => {
    const option = OPTIONS[field];
    const label = RUN_LIST.fields.find((known) => known.key === field)?.label ?? field;
    const values = field === "status" ? [value].flat().flatMap((word) => RUN_STATES.find((state) => state.value === word)?.states ?? [word]) : [value].flat();
    if (!option || op === "isnull" || op === "isnotnull" || op === "between" || op === "in" || (field === "by" && values.includes("me"))) {
      left.push(label);
      return [];
    }
    const text =
      op === "oneof" && values.length === 1 ? values[0] : op === "oneof" || op === "notoneof" ? `${op}:${JSON.stringify(values)}` : `${op}:${values[0]}`;
    return [`--${option} ${quote(text ?? "")}`];
  });
  if (view.matchesAny) options.push("--logical_operator or");
  const key = { number: "created", started: "start_time", ended: "end_time" }[view.sort.field] ?? view.sort.field;
  options.push(`--sort_by ${view.sort.direction}:${key}`, "--size 50");
  return { command: `zenml pipeline runs list ${options.join(" ")}`, left };
}

const quote = (text: string) => (/^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
