import { ActButton } from "@/components/ui/act-button";
import type { FormAction } from "@/components/ui/form-dialog";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import type { SecretVersionsPage } from "@/lib/secrets/row-schema";
import { DestroyVersion } from "./destroy-version";
import { KeyNames } from "./key-names";
import { TakeOver } from "./take-over";

type Props = {
  /** What the actions need: the id, the workspace of one of a workspace. */
  fields: Record<string, string>;
  current: number;
  rows: SecretVersionsPage["rows"];
  name: string;
  /** Null for who may not. */
  restore: FormAction<{ id: string; version: number }> | null;
  destroy: FormAction<null> | null;
  /** For what lies in an outside store, by who may. */
  takeOver?: FormAction<{ id: string; version: number }> | null;
};

/** Versions of a secret; an earlier one that still has values can be written again as the newest, or destroyed. */
export function VersionsTable({ fields, name, current, rows, restore, destroy, takeOver }: Props) {
  return (
    <PlainTable
      label="Versions"
      columns={[{ label: "Version" }, { label: "Keys" }, { label: "By" }, { label: "Written" }, { label: "Values" }, { label: "Actions", align: "right" }]}
      rows={rows.map((row) => ({
        key: String(row.version),
        cells: [
          <b key="version" className="whitespace-nowrap text-ink">
            v{row.version}
            {row.restoredFrom !== null && <span className="font-normal text-ink-3"> from v{row.restoredFrom}</span>}
          </b>,
          <KeyNames key="keys" keys={row.keys} />,
          <WhoChip key="by" person={row.by} />,
          <Time key="at" at={row.at} />,
          <span key="state" className={row.version === current ? "text-ink" : "text-ink-3"}>
            {row.destroyedAt ? "destroyed" : row.version === current ? "current" : "replaced"}
          </span>,
          row.version === current && !row.destroyedAt && takeOver ? (
            <TakeOver key="acts" action={takeOver} fields={fields} version={current} />
          ) : row.destroyedAt || row.version === current ? null : (
            <span key="acts" className="inline-flex flex-wrap justify-end gap-2">
              {restore && (
                <ActButton
                  action={restore}
                  fields={{ ...fields, version: String(row.version) }}
                  said={`Version ${row.version} was written again as version ${current + 1}.`}
                >
                  Restore
                </ActButton>
              )}
              {destroy && <DestroyVersion action={destroy} fields={fields} name={name} version={row.version} />}
            </span>
          ),
        ],
      }))}
    />
  );
}
