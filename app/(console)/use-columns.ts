import type { SecretUseRow } from "@/lib/secrets/row-schema";

/** The uses of a secret as CSV: the columns that a workspace's and the organization's have in common. */
export const USE_COLUMNS = [
  ["time", (row: SecretUseRow) => row.at],
  ["who", (row: SecretUseRow) => row.who?.name ?? null],
  ["credential", (row: SecretUseRow) => row.credential],
  ["purpose", (row: SecretUseRow) => row.purpose],
  ["reason", (row: SecretUseRow) => row.reason],
  ["version", (row: SecretUseRow) => row.version],
  ["run", (row: SecretUseRow) => (row.run ? `${row.run.name} #${row.run.number}` : null)],
  ["step", (row: SecretUseRow) => row.step],
  ["how known", (row: SecretUseRow) => row.exactness],
  ["held until", (row: SecretUseRow) => row.heldUntil],
  ["entry", (row: SecretUseRow) => row.entry],
  ["request", (row: SecretUseRow) => row.requestId],
  ["id", (row: SecretUseRow) => row.id],
] as const;
