import { Expiry } from "@/components/service-account/accounts-table";
import type { DataColumn } from "@/components/table/data-column";
import { NONE, timeColumn } from "@/components/table/usual-columns";
import { countWords } from "@/components/ui/time-words";

// Columns of secrets, those of a workspace and those of the organization.

type Counts = { keys: number; version: number; bound: number };
type Times = { lastUsedAt: string | null; rotatedAt: string; expiresAt: string | null; createdAt: string };

/** To how many things it is bound. */
export const BoundCount = ({ bound }: { bound: number }) => (bound > 0 ? countWords(bound) : <span className="text-ink-3">nothing</span>);

export const countColumns = <Row extends Counts>(): DataColumn<Row>[] => [
  { id: "keys", label: "Keys", width: 64, align: "right", sortKey: "keys", startsDescending: true, cell: (row) => countWords(row.keys) },
  { id: "version", label: "Version", width: 76, sortKey: "version", startsDescending: true, cell: (row) => `v${row.version}` },
  { id: "bound", label: "Bound to", width: 84, align: "right", sortKey: "bound", startsDescending: true, cell: (row) => <BoundCount bound={row.bound} /> },
];

export const timeColumns = <Row extends Times>(): DataColumn<Row>[] => [
  timeColumn({ id: "used", label: "Last used", width: 108, at: (row) => row.lastUsedAt, none: <span className="text-ink-3">never</span> }),
  timeColumn({ id: "rotated", label: "Last rotated", width: 112, at: (row) => row.rotatedAt }),
  { id: "expires", label: "Expires", width: 144, sortKey: "expires", cell: (row) => (row.expiresAt ? <Expiry at={row.expiresAt} /> : NONE) },
  timeColumn({ id: "created", label: "Created", width: 104, at: (row) => row.createdAt }),
];
