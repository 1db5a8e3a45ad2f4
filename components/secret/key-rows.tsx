"use client";

import { Button, IconButton } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { SecretInput } from "./secret-input";

export type KeyRow = { id: number; key: string; value: string; isPasted: boolean };

export const emptyRow = (id: number): KeyRow => ({ id, key: "", value: "", isPasted: false });
const isBlank = (row: KeyRow) => row.key.trim() === "" && row.value === "";
/** Names of fields, as errors and the ids of inputs use them. */
const keyField = (row: KeyRow) => `key-${row.id}`;

/** The pairs that the rows hold; blank rows are left out. */
export const pairsOf = (rows: readonly KeyRow[]): [string, string][] => rows.filter((row) => !isBlank(row)).map((row) => [row.key.trim(), row.value]);

/** The rows with the pairs at their end: a pair replaces the row of its name, and blank rows go. */
export function withPairs(rows: readonly KeyRow[], pairs: readonly [string, string][]): KeyRow[] {
  const names = new Set(pairs.map(([key]) => key));
  const kept = rows.filter((row) => !isBlank(row) && !names.has(row.key.trim()));
  const next = nextId(rows);
  return [...kept, ...pairs.map(([key, value], at) => ({ id: next + at, key, value, isPasted: true }))];
}

const nextId = (rows: readonly KeyRow[]) => Math.max(0, ...rows.map((row) => row.id)) + 1;

/** What has to be mended, by field. `taken`: names that are elsewhere in the same form. */
export function rowProblems(rows: readonly KeyRow[], taken: readonly string[] = []): Record<string, string> {
  const problems: Record<string, string> = {};
  const seen = new Set(taken);
  for (const row of rows) {
    if (isBlank(row)) continue;
    const key = row.key.trim();
    if (key === "") problems[keyField(row)] = "A key needs a name.";
    else if (seen.has(key)) problems[keyField(row)] = `The key ${key} is here twice.`;
    seen.add(key);
  }
  return problems;
}

type Props = { rows: readonly KeyRow[]; onChange: (rows: KeyRow[]) => void; errorOf: (field: string) => string | undefined };

/** Keys and their values, a row each. */
export function KeyRows({ rows, onChange, errorOf }: Props) {
  const change = (id: number, to: Partial<KeyRow>) => onChange(rows.map((row) => (row.id === id ? { ...row, ...to } : row)));
  return (
    <div className="flex flex-col gap-2">
      {rows.map((row, at) => {
        const error = errorOf(keyField(row));
        return (
          <div key={row.id}>
            <div className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] items-center gap-2">
              <Input
                id={keyField(row)}
                name={`ui-${keyField(row)}`}
                aria-label={`Key ${at + 1}`}
                placeholder="key"
                className="font-mono"
                value={row.key}
                maxLength={255}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => change(row.id, { key: event.target.value })}
                {...(error ? { "aria-invalid": true, "aria-describedby": `${keyField(row)}-note` } : {})}
              />
              <SecretInput
                id={`value-${row.id}`}
                label={row.key ? `value of ${row.key}` : `value ${at + 1}`}
                placeholder="value"
                isPasted={row.isPasted}
                onValue={(value, isPasted) => change(row.id, { value, isPasted })}
              />
              <IconButton icon="x" label={`Remove ${row.key || `row ${at + 1}`}`} onClick={() => onChange(rows.filter((one) => one.id !== row.id))} />
            </div>
            {error && (
              <p id={`${keyField(row)}-note`} className="mt-1 text-meta text-fail">
                {error}
              </p>
            )}
          </div>
        );
      })}
      <div>
        <Button icon="plus" onClick={() => onChange([...rows, emptyRow(nextId(rows))])}>
          Add a key
        </Button>
      </div>
    </div>
  );
}
