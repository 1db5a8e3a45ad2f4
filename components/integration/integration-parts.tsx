import Link from "next/link";
import { BoundCount } from "@/components/secret/secret-columns";
import { targetHref } from "@/components/secret/target-href";
import { Badge } from "@/components/ui/badge";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import type { PlacedIn } from "@/lib/integrations/schema";
import type { BindingRow } from "@/lib/secrets/ledger-schema";

/** The workspaces that may use it, with the secret's page in each. */
export const PlacedWorkspaces = ({ workspaces }: { workspaces: PlacedIn[] }) => (
  <PlainTable
    label="Workspaces"
    columns={[{ label: "Workspace" }, { label: "Since" }, { label: "Bound to", align: "right" }, { label: "Uses", align: "right" }]}
    rows={workspaces.map((one) => ({
      key: one.workspaceId,
      cells: [
        <span key="name" className="inline-flex flex-wrap items-center gap-2">
          <Link className="link" href={`/${one.slug}/secrets/${one.placementId}`}>
            {one.slug}
          </Link>
          {one.isLeaked && (
            <Badge tone="fail" icon="siren">
              leaked
            </Badge>
          )}
        </span>,
        <Time key="since" at={one.since} />,
        <BoundCount key="bound" bound={one.bound} />,
        countWords(one.uses),
      ],
    }))}
  />
);

const BOUND_WAYS = { attached: "by hand", reference: "by reference", code: "named in code" } as const;

/** What it is bound to, by workspace. */
export const BoundWhere = ({ bindings }: { bindings: BindingRow[] }) => (
  <PlainTable
    label="Bindings"
    columns={[{ label: "Workspace" }, { label: "Bound to" }, { label: "How" }, { label: "By" }, { label: "Since" }]}
    rows={bindings.map((row) => ({
      key: row.id,
      cells: [
        row.workspace,
        <Target key="target" row={row} />,
        BOUND_WAYS[row.path],
        <WhoChip key="by" person={row.by} />,
        <Time key="since" at={row.since} />,
      ],
    }))}
  />
);

function Target({ row }: { row: BindingRow }) {
  const words = row.kind === "step" ? `step ${row.step} of ${row.name}` : `${row.kind} ${row.name}`;
  const href = targetHref(`/${row.workspace}`, row);
  return href ? (
    <Link className="link" href={href}>
      {words}
    </Link>
  ) : (
    words
  );
}
