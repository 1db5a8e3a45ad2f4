import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { Avatar } from "@/components/ui/who";
import type { RoleEffect, RoleRevision } from "@/lib/roles/schema";

const list = (sign: string, permissions: readonly string[]) =>
  permissions.length === 0
    ? "–"
    : permissions.map((permission) => <code key={permission} className="mr-2 inline-block whitespace-nowrap">{`${sign} ${permission}`}</code>);

/** Who gains and loses what by a draft, before it is saved. */
export function RoleEffects({ effects, holders, unaffected }: { effects: RoleEffect[]; holders: number; unaffected: number }) {
  return (
    <>
      <p className="text-ink-2">
        {holders === 0
          ? "Nobody has the role: nothing changes for anybody now."
          : effects.length === 0
            ? "Nothing changes for who has it: they hold the same by other grants."
            : `${countWords(holders - unaffected)} of ${countWords(holders)} who have it gain or lose something on their next request${unaffected > 0 ? "; for the others other grants give the same" : ""}.`}
      </p>
      {effects.length > 0 && (
        <div className="mt-2 max-h-96 overflow-auto">
          <PlainTable
            label="Who gains and loses what"
            columns={[{ label: "Who" }, { label: "Where" }, { label: "Gains" }, { label: "Loses" }]}
            rows={effects.map((effect, index) => ({
              key: `${effect.principalId} ${index}`,
              cells: [
                <span key="who" className="inline-flex items-center gap-1.5 whitespace-nowrap">
                  <Avatar name={effect.who} kind={effect.kind} size={18} />
                  {effect.who}
                </span>,
                effect.where,
                list("+", effect.gains),
                list("−", effect.loses),
              ],
            }))}
          />
        </div>
      )}
    </>
  );
}

/** What a role was made of, the newest first. */
export const RoleRevisions = ({ revisions }: { revisions: RoleRevision[] }) => (
  <PlainTable
    label="Revisions of the role"
    columns={[{ label: "Revision" }, { label: "Since" }, { label: "By" }, { label: "Changed" }]}
    rows={revisions.map((revision) => ({
      key: String(revision.number),
      cells: [
        String(revision.number),
        <Time key="at" at={revision.at} />,
        revision.by ?? "–",
        revision.changes.length === 0
          ? revision.number === 1
            ? "as its base"
            : "words only"
          : revision.changes.map((change) => (
              <code
                key={change.permission}
                className="mr-2 inline-block whitespace-nowrap"
              >{`${change.permission} ${change.before ?? "–"} → ${change.after ?? "–"}`}</code>
            )),
      ],
    }))}
  />
);
