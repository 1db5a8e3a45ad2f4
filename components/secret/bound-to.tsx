"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { unbind } from "@/app/(console)/[workspace]/secrets/actions";
import { Button } from "@/components/ui/button";
import { FormDialog } from "@/components/ui/form-dialog";
import { Icon } from "@/components/ui/icon";
import { Time } from "@/components/ui/time";
import { useToast } from "@/components/ui/toast";
import type { BindingRow } from "@/lib/secrets/ledger-schema";
import { LANE_ICONS } from "./ledger-picture";
import { targetHref } from "./target-href";

type Props = { workspace: string; id: string; name: string; bindings: BindingRow[]; mayUnbind: boolean; ofOrganization?: boolean };

/** What a secret is bound to, and how; each can be ended by who may. */
export function BoundTo({ workspace, id, name, bindings, mayUnbind, ofOrganization = false }: Props) {
  const [ending, setEnding] = useState<BindingRow | null>(null);
  const router = useRouter();
  const toast = useToast();
  if (bindings.length === 0)
    return <p className="text-ink-3">To nothing: no run can use it by its own token.{!ofOrganization && " Its owner’s client reads it."}</p>;
  return (
    <>
      <ul>
        {bindings.map((row) => (
          <li key={row.id} className="flex min-h-(--row) flex-wrap items-center gap-x-2 border-b border-rule py-1">
            <Icon name={LANE_ICONS[row.kind]} className="text-ink-3" />
            <Target base={`/${workspace}`} row={row} />
            <span className="ml-auto text-meta text-ink-3" title={row.by ? `by ${row.by.name}` : undefined}>
              {wayWords(row)}, <Time at={row.since} />
            </span>
            {mayUnbind && (
              <Button look="ghost" icon="unlink" onClick={() => setEnding(row)} aria-label={`Unbind from ${row.name}`} className="max-md:ml-auto">
                Unbind…
              </Button>
            )}
          </li>
        ))}
      </ul>
      <FormDialog
        open={ending !== null}
        title={`Unbind ${name} from ${ending?.name ?? ""}`}
        action={unbind}
        hidden={{ workspace, id, bindingId: ending?.id ?? "" }}
        submit="Unbind"
        look="danger"
        onClose={() => setEnding(null)}
        onDone={() => {
          setEnding(null);
          toast("Unbound the secret.");
          router.refresh();
        }}
      >
        {() => (
          <>
            <p>
              From then on runs there are refused this secret. A run that has read the values already keeps them until it ends; rotate the secret to take them
              away.
            </p>
            {ending?.path === "reference" && (
              <p>
                The configuration still refers to it ({ending.fields.join(", ")}): it is bound again when somebody who may bind it changes the component. Take
                the reference out to end it for good.
              </p>
            )}
            {ending?.path === "code" && (
              <p>
                The code still names it: it is bound again when somebody who may bind it runs that code. Take it out of <code>secrets=[…]</code> to end it for
                good.
              </p>
            )}
          </>
        )}
      </FormDialog>
    </>
  );
}

function wayWords(row: BindingRow): string {
  if (row.path === "reference") return `by reference in ${row.fields.join(", ")}`;
  const where = row.step ? `step ${row.step}` : row.kind === "pipeline" ? "every step" : row.kind;
  return row.path === "code" ? `${where}, named in code` : where;
}

function Target({ base, row }: { base: string; row: BindingRow }) {
  const href = targetHref(base, row);
  const name = <b className="font-medium text-ink">{row.name}</b>;
  return href ? (
    <Link className="link min-w-0 truncate" href={href}>
      {name}
    </Link>
  ) : (
    name
  );
}
