import { Badge, type Tone } from "@/components/ui/badge";
import type { IconName } from "@/components/ui/icon";
import { PlainTable } from "@/components/ui/plain-table";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import type { MasterKeyRow } from "@/lib/master-key/schema";

const STATES: Record<MasterKeyRow["state"], { word: string; tone: Tone; icon: IconName }> = {
  active: { word: "Seals", tone: "ok", icon: "key-round" },
  retiring: { word: "Being left", tone: "run", icon: "loader-circle" },
  waiting: { word: "Waits", tone: "wait", icon: "circle-dashed" },
  retired: { word: "Ended", tone: "idle", icon: "circle-check" },
};

/** Every master key by its id, never by what it is. */
export function MasterKeyTable({ keys }: { keys: readonly MasterKeyRow[] }) {
  if (keys.length === 0) return <EmptyState title="There is no master key.">Put back the file from your backup, or set REEVE_MASTER_KEY.</EmptyState>;
  return (
    <PlainTable
      label="Master keys"
      columns={[{ label: "Key" }, { label: "State" }, { label: "Read from" }, { label: "Since" }, { label: "Made active by" }, { label: "Ended" }]}
      rows={keys.map((key) => ({
        key: key.id,
        cells: [
          <code key="id">{key.id}</code>,
          <Badge key="state" tone={STATES[key.state].tone} icon={STATES[key.state].icon}>
            {STATES[key.state].word}
          </Badge>,
          key.place ? (
            <code key="place" className="break-all">
              {key.place}
            </code>
          ) : key.state === "retired" ? (
            "put aside"
          ) : (
            "missing"
          ),
          key.since ? <Time key="since" at={key.since} /> : "not used yet",
          key.by ?? "the first start",
          key.retiredAt ? <Time key="ended" at={key.retiredAt} /> : "no",
        ],
      }))}
    />
  );
}
