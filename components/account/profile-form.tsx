"use client";

import { useRouter } from "next/navigation";
import { updateProfileAction } from "@/app/(console)/account/actions";
import { TextField } from "@/components/ui/field";
import { ActionForm } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";

/** The name that others read. */
export function ProfileForm({ fullName }: { fullName: string }) {
  const toast = useToast();
  const router = useRouter();
  return (
    <ActionForm
      action={updateProfileAction}
      submit="Save name"
      onDone={() => {
        toast("Saved your name.");
        router.refresh();
      }}
    >
      {(errorOf) => (
        <TextField id="fullName" label="Name" help="Others read it beside what you do." defaultValue={fullName} maxLength={100} error={errorOf("fullName")} />
      )}
    </ActionForm>
  );
}
