"use client";

import { useRouter } from "next/navigation";
import { createRoleAction, deleteRoleAction, updateRoleAction } from "@/app/(console)/settings/roles/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { TextField } from "@/components/ui/field";
import { ActionForm } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";

/** Makes a role of the organization's own from one of the table, and opens it for editing. */
export function CloneRole({ base, title }: { base: string; title: string }) {
  const router = useRouter();
  return (
    <ActionDialog
      label="Clone…"
      icon="copy"
      title={`A role made from ${title}`}
      action={createRoleAction}
      hidden={{ base }}
      submit="Make the role"
      said={() => "The role is made. Nobody has it yet."}
      onDone={({ name }) => router.push(`/settings/roles/${name}?edit=1`)}
    >
      {(errorOf) => (
        <>
          <p>It starts with the same rights and holds where {title} holds. Nobody has it until it is given.</p>
          <TextField
            id="name"
            label="Name"
            autoComplete="off"
            spellCheck={false}
            maxLength={63}
            help="Small letters, digits and hyphens, such as release-manager. It stays: grants carry it."
            error={errorOf("name")}
          />
          <TextField id="summary" label="In short" optional maxLength={200} error={errorOf("summary")} />
        </>
      )}
    </ActionDialog>
  );
}

/** Ends a role that nobody has. */
export function DeleteRole({ name, title }: { name: string; title: string }) {
  const router = useRouter();
  return (
    <ActionDialog
      label="Delete…"
      buttonLook="ghost"
      title={`Delete ${title}`}
      action={deleteRoleAction}
      hidden={{ name }}
      submit="Delete the role"
      look="danger"
      said={() => `${title} is deleted.`}
      onDone={() => router.push("/settings/roles")}
    >
      {() => <p>A role that somebody has is not deleted. Its name is never used again: grants of the past carry it.</p>}
    </ActionDialog>
  );
}

/** Saves the rights that were previewed. */
export function SaveRole({ name, revision, rights, summary }: { name: string; revision: number; rights: string; summary: string }) {
  const [router, toast] = [useRouter(), useToast()];
  return (
    <ActionForm
      action={updateRoleAction}
      hidden={{ name, revision: String(revision), rights }}
      submit="Save the role"
      onCancel={() => router.push(`/settings/roles/${name}`)}
      onDone={() => {
        toast("The role is saved; it holds on the next request.");
        router.push(`/settings/roles/${name}`);
      }}
    >
      {(errorOf) => (
        <>
          <TextField id="summary" label="In short" optional maxLength={200} defaultValue={summary} error={errorOf("summary")} />
          <TextField id="reason" label="Reason" optional maxLength={500} help="Stands in the audit trail." error={errorOf("reason")} />
        </>
      )}
    </ActionForm>
  );
}
