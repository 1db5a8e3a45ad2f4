import "server-only";
import type { Endpoint } from "./endpoint";
import operations from "./operations.json";

// Method and path → row of the table. Paths are compared segment by segment as they were sent (%2F stays inside its segment).

type Row<T> = { segments: string[]; value: T };
const index = new WeakMap<readonly Endpoint[], Map<string, Row<Endpoint>[]>>();

export type Match = { endpoint: Endpoint; path: Record<string, string> };

/** The first row that fits; literal segments win over parameters by standing earlier in the table. */
export function matchEndpoint(table: readonly Endpoint[], method: string, path: string): Match | undefined {
  let rows = index.get(table);
  if (!rows) {
    rows = new Map();
    for (const endpoint of table) push(rows, keyOf(endpoint.method, endpoint.path), { segments: endpoint.path.split("/"), value: endpoint });
    index.set(table, rows);
  }
  const sent = path.split("/");
  for (const row of rows.get(`${method} ${sent.length}`) ?? []) {
    const parameters = fit(row.segments, sent);
    if (parameters) return { endpoint: row.value, path: parameters };
  }
  return undefined;
}

const known = new Map<string, Row<string>[]>();
for (const [method = "", path = ""] of operations) push(known, keyOf(method, path), { segments: path.split("/"), value: path });

/** Whether the recorded server has this operation: what Reeve doesn't have yet then answers 501 instead of 404. */
export function matchOperation(method: string, path: string): string | undefined {
  const sent = path.split("/");
  return known.get(`${method} ${sent.length}`)?.find((row) => fit(row.segments, sent))?.value;
}

function keyOf(method: string, path: string): string {
  return `${method} ${path.split("/").length}`;
}

function push<T>(rows: Map<string, Row<T>[]>, key: string, row: Row<T>): void {
  const list = rows.get(key);
  if (list) list.push(row);
  else rows.set(key, [row]);
}

function fit(segments: readonly string[], sent: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [position, segment] of segments.entries()) {
    const given = sent[position] as string;
    if (segment.startsWith("{")) {
      if (given === "") return undefined;
      try {
        parameters[segment.slice(1, -1)] = decodeURIComponent(given);
      } catch {
        return undefined;
      }
    } else if (segment !== given) return undefined;
  }
  return parameters;
}
