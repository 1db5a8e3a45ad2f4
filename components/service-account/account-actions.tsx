"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { deleteServiceAccount, updateServiceAccount } from "@/app/(console)/settings/service-accounts/actions";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { DangerDialog, FormDialog } from "@/components/ui/form-dialog";
import { counted } from "@/components/ui/time-words";
import { useToast } from "@/components/ui/toast";
import type { AccountDetail } from "@/lib/service-accounts/schema";

type Props = { account: AccountDetail; workspace: string | null; listPath: string; mayUpdate: boolean; mayDelete: boolean };

/** Edit, deactivate or restore, delete: each says first what it ends. */
export function AccountActions({ account, workspace, listPath, mayUpdate, mayDelete }: Props) {
  const [open, setOpen] = useState<"edit" | "state" | "delete" | null>(null);
  const router = useRouter();
  const close = () => setOpen(null);
  const hidden = { account: account.id, ...(workspace ? { workspace } : {}) };
  const toast = useToast();
  const done = (said: string) => () => {
    close();
    toast(said);
    router.refresh();
  };
  return (
    <>
      {mayUpdate && (
        <>
          <Button onClick={() => setOpen("edit")}>Edit…</Button>
          <Button onClick={() => setOpen("state")}>{account.active ? "Deactivate…" : "Restore…"}</Button>
        </>
      )}
      {mayDelete && (
        <Button look="danger" onClick={() => setOpen("delete")}>
          Delete…
        </Button>
      )}
      <FormDialog
        open={open === "edit"}
        title={`Edit ${account.name}`}
        action={updateServiceAccount}
        hidden={hidden}
        submit="Save changes"
        onClose={close}
        onDone={done(`Saved ${account.name}.`)}
      >
        {(errorOf) => (
          <>
            <TextField id="name" label="Name" defaultValue={account.name} maxLength={100} autoComplete="off" error={errorOf("name")} />
            <TextField id="description" label="Description" optional defaultValue={account.description} maxLength={1000} error={errorOf("description")} />
          </>
        )}
      </FormDialog>
      <FormDialog
        open={open === "state"}
        title={account.active ? `Deactivate ${account.name}` : `Restore ${account.name}`}
        action={updateServiceAccount}
        hidden={{ ...hidden, active: String(!account.active) }}
        submit={account.active ? `Deactivate ${account.name}` : `Restore ${account.name}`}
        look={account.active ? "danger" : "primary"}
        onClose={close}
        onDone={done(account.active ? `Deactivated ${account.name}.` : `Restored ${account.name}.`)}
      >
        {() =>
          account.active ? (
            <>
              <p>From the next request on, {counted(account.keys, "key")} of this account and every client that is logged in with them are refused.</p>
              {account.runningRuns > 0 && (
                <p>
                  {counted(account.runningRuns, "run")} of it {account.runningRuns === 1 ? "is" : "are"} in progress and can no longer report.
                </p>
              )}
              <p>What it made, its keys and its roles stay. Restoring it lets the keys work again.</p>
            </>
          ) : (
            <p>{counted(account.keys, "key works", "keys work")} again with the roles that the account holds. Rotate first what somebody may have seen.</p>
          )
        }
      </FormDialog>
      <DangerDialog
        open={open === "delete"}
        title={`Delete ${account.name}`}
        action={deleteServiceAccount}
        hidden={hidden}
        submit={`Delete ${account.name}`}
        name={account.name}
        onClose={close}
        onDone={() => {
          toast(`Deleted ${account.name}.`);
          router.push(listPath);
        }}
      >
        <p>
          Ends for good: {counted(account.keys, "key")}, {counted(account.roles.length, "role")}.
          {account.runningRuns > 0 && ` ${counted(account.runningRuns, "run")} in progress can no longer report.`}
        </p>
        <p>Stays: {counted(account.runs, "run")} that it started and everything else it made, under its name; the audit trail.</p>
        <p>The name is free again.</p>
      </DangerDialog>
    </>
  );
}
