"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { createServiceAccount } from "@/app/(console)/settings/service-accounts/actions";
import { Button } from "@/components/ui/button";
import { describedBy, Field, Select, TextField } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";

type Props = {
  /** The workspace's slug; null for the organization. */
  workspace: string | null;
  /** The roles that the maker may give here. */
  roles: { value: string; label: string }[];
  startingRole: string;
};

/** The button and dialog that make a service account. */
export function NewAccount({ workspace, roles, startingRole }: Props) {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  return (
    <>
      <Button look="primary" icon="plus" onClick={() => setOpen(true)}>
        New service account
      </Button>
      <FormDialog
        open={isOpen}
        title="New service account"
        action={createServiceAccount}
        hidden={workspace ? { workspace } : {}}
        submit="Create service account"
        onClose={() => setOpen(false)}
        onDone={(made) => router.push(`${workspace ? `/${workspace}` : ""}/settings/service-accounts/${made.id}`)}
      >
        {(errorOf) => (
          <>
            <TextField
              id="name"
              label="Name"
              autoComplete="off"
              maxLength={100}
              help="What it is for, such as ci or nightly-training. Its runs carry this name."
              error={errorOf("name")}
            />
            <TextField id="description" label="Description" optional maxLength={1000} error={errorOf("description")} />
            {workspace ? (
              <Field id="role" label="Role" help="No role above your own. It can be changed in Access." error={errorOf("role")}>
                <Select id="role" name="role" defaultValue={startingRole} {...describedBy("role", "help", errorOf("role"))}>
                  <option value="">No role yet</option>
                  {roles.map((role) => (
                    <option key={role.value} value={role.value}>
                      {role.label}
                    </option>
                  ))}
                </Select>
              </Field>
            ) : (
              <p className="text-meta text-ink-3">It gets its roles in the Access page of each workspace.</p>
            )}
          </>
        )}
      </FormDialog>
    </>
  );
}
