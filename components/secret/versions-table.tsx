import { restoreVersionAction } from "@/app/(console)/[workspace]/secrets/actions";
import { ActButton } from "@/components/ui/act-button";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import type { SecretVersionsPage } from "@/lib/secrets/row-schema";
import { DestroyVersion } from "./destroy-version";
import { KeyNames } from "./key-names";
import { TakeOver } from "./take-over";

type Props = {
  workspace: string;
  secretId: string;
  current: number;
  rows: SecretVersionsPage["rows"];
  name: string;
  mayRestore: boolean;
  mayDestroy: boolean;
  isOutside: boolean;
};

/** Versions of a secret; an earlier one that still has values can be written again as the newest, or destroyed. */
export function VersionsTable({ workspace, secretId, name, current, rows, mayRestore, mayDestroy, isOutside }: Props) {
  return (
    <PlainTable
      label="Versions"
      columns={[
        { label: "Version" },
        { label: "Keys" },
        { label: "By", isExtra: true },
        { label: "Written", isExtra: true },
        { label: "Values" },
        { label: "Actions", align: "right" },
      ]}
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
          row.version === current && !row.destroyedAt && isOutside && mayRestore ? (
            <TakeOver key="acts" workspace={workspace} id={secretId} version={current} />
          ) : row.destroyedAt || row.version === current ? null : (
            <span key="acts" className="inline-flex flex-wrap justify-end gap-2">
              {mayRestore && (
                <ActButton
                  action={restoreVersionAction}
                  fields={{ workspace, id: secretId, version: String(row.version) }}
                  said={`Version ${row.version} was written again as version ${current + 1}.`}
                >
                  Restore
                </ActButton>
              )}
              {mayDestroy && <DestroyVersion workspace={workspace} id={secretId} name={name} version={row.version} />}
            </span>
          ),
        ],
      }))}
    />
  );
}
