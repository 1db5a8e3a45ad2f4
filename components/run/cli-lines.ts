import { fieldOf, listConditions, type ListView } from "@/components/table/list-params";
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

export type RunsCall = { command: string; rest: string; python: string; left: string[] };

/** The calls that list what the page shows, for the command line, REST and Python; and the filters they can't carry, in words. */
export function runsCommand(view: ListView, now: number, zone: string, place: { server: string; project: string }): RunsCall {
  const left: string[] = [];
  const options: [string, string][] = listConditions(RUN_LIST, view.filters, now, zone).flatMap(
    ({ field, op, value, ...joined }, index, all): [string, string][] => {
      const or = joined.or || all[index + 1]?.or; // the client joins all or none
      const option = OPTIONS[field];
      const label = fieldOf(RUN_LIST, field)?.label ?? field;
      const values = field === "status" ? [value].flat().flatMap((word) => RUN_STATES.find((state) => state.value === word)?.states ?? [word]) : [value].flat();
      const isOurs = field === "status" && values.some((word) => word === "waiting" || word === "lost");
      if (!option || isOurs || or || op === "isnull" || op === "isnotnull" || op === "between" || op === "in" || (field === "by" && values.includes("me"))) {
        left.push(label);
        return [];
      }
      const text =
        op === "oneof" && values.length === 1 ? values[0] : op === "oneof" || op === "notoneof" ? `${op}:${JSON.stringify(values)}` : `${op}:${values[0]}`;
      return [[option, text ?? ""]];
    },
  );
  if (view.matchesAny) options.push(["logical_operator", "or"]);
  const key = { number: "created", started: "start_time", ended: "end_time" }[view.sort.field] ?? view.sort.field;
  options.push(["sort_by", `${view.sort.direction}:${key}`], ["size", "50"]);
  const query = new URLSearchParams([["project", place.project], ...options]);
  return {
    command: `zenml pipeline runs list ${options.map(([name, value]) => `--${name} ${quote(value)}`).join(" ")}`,
    rest: `curl -H "Authorization: Bearer $REEVE_TOKEN" ${quote(`${place.server}/api/v1/runs?${query}`)}`,
    python: `from zenml.client import Client\n\nruns = Client().list_pipeline_runs(\n${options.map(([name, value]) => `    ${name}=${name === "size" ? value : JSON.stringify(value)},\n`).join("")})`,
    left,
  };
}

const quote = (text: string) => (/^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
