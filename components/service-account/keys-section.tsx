"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { deleteApiKey, updateApiKey } from "@/app/(console)/settings/service-accounts/actions";
import { Button, IconButton } from "@/components/ui/button";
import { DangerDialog, FormDialog } from "@/components/ui/form-dialog";
import { Menu, MenuItem } from "@/components/ui/menu";
import { PlainTable } from "@/components/ui/plain-table";
import { type Refusal, RefusedControl } from "@/components/ui/refused";
import { ShownOnce } from "@/components/ui/shown-once";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { counted } from "@/components/ui/time-words";
import type { KeyRow } from "@/lib/service-accounts/schema";
import { Expiry } from "./accounts-table";
import { type Made, NewKeyDialog, RotateDialog } from "./key-forms";
import { OverlapBar } from "./overlap-bar";

type Act = { kind: "rotate" | "state" | "delete"; row: KeyRow };
type Props = {
  keys: KeyRow[];
  account: { id: string; name: string };
  workspace: string | null;
  /** What a client's environment needs beside the key. */
  server: string | null;
  may: { update: boolean; rotate: boolean; remove: boolean };
  createRefusal: Refusal | null;
};

const STATE_WORDS = { active: "active", inactive: "deactivated", expired: "expired", stopped: "revoked" } as const;

/** The keys of an account, with what each act ends; a new value is shown once. */
export function KeysSection({ keys, account, workspace, server, may, createRefusal }: Props) {
  const [isNew, setNew] = useState(false);
  const [act, setAct] = useState<Act | null>(null);
  const [made, setMade] = useState<Made | null>(null);
  const router = useRouter();
  const hidden = { account: account.id, ...(workspace ? { workspace } : {}) };
  const close = () => setAct(null);
  const done = () => {
    close();
    router.refresh();
  };
  const show = (key: Made) => {
    setNew(false);
    close();
    setMade(key);
  };
  const hasActs = may.update || may.rotate || may.remove;
  return (
    <>
      <div className="mb-2 flex justify-end">
        {createRefusal ? (
          <RefusedControl label="New API key" refusal={createRefusal} />
        ) : (
          <Button icon="plus" onClick={() => setNew(true)}>
            New API key
          </Button>
        )}
      </div>
      {keys.length === 0 ? (
        <p className="py-2 text-ink-3">No key: nothing can log in as this account.</p>
      ) : (
        <PlainTable
          label="API keys"
          columns={[
            { label: "Key" },
            { label: "State" },
            { label: "May do" },
            { label: "Issued to" },
            { label: "Last used" },
            { label: "Rotated" },
            { label: "Ends" },
            ...(hasActs ? [{ label: "Actions", align: "right" as const }] : []),
          ]}
          rows={keys.flatMap((row) => [
            {
              key: row.id,
              cells: [
                <span key="name">
                  <b className="font-medium text-ink">{row.name}</b> <code className="text-ink-3">…{row.id.slice(-4)}</code>
                  {row.description && <span className="block text-meta text-ink-3">{row.description}</span>}
                  {row.overlap && <OverlapBar overlap={row.overlap} since={row.lastRotatedAt ?? row.createdAt} />}
                </span>,
                <Status key="state" state={STATE_WORDS[row.state]} />,
                <span key="scopes" title={row.scopes?.join("\n")}>
                  {row.scopes ? counted(row.scopes.length, "permission") : "all that the account may"}
                </span>,
                row.issuedTo ? (
                  <span key="holder">
                    {row.issuedTo.name}
                    {!row.issuedTo.active && <span className="text-warn"> left</span>}
                  </span>
                ) : (
                  <span key="holder" className="text-ink-3">
                    the host
                  </span>
                ),
                row.lastUsedAt ? (
                  <span key="used">
                    <Time at={row.lastUsedAt} />
                    {row.lastUsedAddress && <span className="text-ink-3"> from {row.lastUsedAddress}</span>}
                  </span>
                ) : (
                  <span key="used" className="text-ink-3">
                    never
                  </span>
                ),
                row.lastRotatedAt ? (
                  <Time key="rotated" at={row.lastRotatedAt} />
                ) : (
                  <span key="rotated" className="text-ink-3">
                    never
                  </span>
                ),
                row.expiresAt ? (
                  <Expiry key="ends" at={row.expiresAt} />
                ) : (
                  <span key="ends" className="text-ink-3">
                    no end
                  </span>
                ),
                ...(hasActs
                  ? [
                      <Menu key="acts" trigger={<IconButton icon="ellipsis" label={`Actions for ${row.name}`} />}>
                        {may.rotate && row.state !== "expired" && (
                          <MenuItem icon="rotate-cw" onSelect={() => setAct({ kind: "rotate", row })}>
                            Rotate…
                          </MenuItem>
                        )}
                        {may.update && (
                          <MenuItem icon={row.state === "inactive" ? "circle-play" : "circle-pause"} onSelect={() => setAct({ kind: "state", row })}>
                            {row.state === "inactive" ? "Restore…" : "Deactivate…"}
                          </MenuItem>
                        )}
                        {may.remove && (
                          <MenuItem icon="x" onSelect={() => setAct({ kind: "delete", row })}>
                            Delete…
                          </MenuItem>
                        )}
                      </Menu>,
                    ]
                  : []),
              ],
            },
          ])}
        />
      )}
      <NewKeyDialog hidden={hidden} open={isNew} onClose={() => setNew(false)} onDone={show} />
      {act?.kind === "rotate" && <RotateDialog row={act.row} hidden={hidden} open onClose={close} onDone={show} />}
      {act?.kind === "state" && (
        <FormDialog
          open
          title={`${act.row.state === "inactive" ? "Restore" : "Deactivate"} ${act.row.name}`}
          action={updateApiKey}
          hidden={{ ...hidden, key: act.row.id, active: String(act.row.state === "inactive") }}
          submit={act.row.state === "inactive" ? "Restore key" : "Deactivate key"}
          look={act.row.state === "inactive" ? "primary" : "danger"}
          onClose={close}
          onDone={done}
        >
          {() =>
            act.row.state === "inactive" ? (
              <p>The key works again, with its value as it was.</p>
            ) : (
              <>
                <p>Every client that logs in with it, and every token that it got, is refused from the next request on.</p>
                <LastUse row={act.row} />
                <p>The key can be restored.</p>
              </>
            )
          }
        </FormDialog>
      )}
      {act?.kind === "delete" && (
        <DangerDialog
          open
          title={`Delete ${act.row.name}`}
          action={deleteApiKey}
          hidden={{ ...hidden, key: act.row.id }}
          submit={`Delete ${act.row.name}`}
          name={act.row.name}
          onClose={close}
          onDone={done}
        >
          <p>Ends for good: the key, and every token that it got.</p>
          <LastUse row={act.row} />
          <p>Stays: what was done with it, in the audit trail under its name.</p>
        </DangerDialog>
      )}
      {made && (
        <ShownOnce
          title={`API key ${made.name} of ${made.account}`}
          value={made.value}
          label="API key"
          note={made.expiresAt ? `It ends on ${made.expiresAt.slice(0, 10)}.` : "It has no end: rotate it from time to time."}
          lines={server ? `export ZENML_STORE_URL=${server}\nexport ZENML_STORE_API_KEY=${made.value}` : undefined}
          onStored={() => {
            setMade(null);
            router.refresh();
          }}
        />
      )}
    </>
  );
}

function LastUse({ row }: { row: KeyRow }) {
  return row.lastUsedAt ? (
    <p>
      Last used <Time at={row.lastUsedAt} />
      {row.lastUsedAddress && ` from ${row.lastUsedAddress}`}.
    </p>
  ) : (
    <p>It was never used.</p>
  );
}
