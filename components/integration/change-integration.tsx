"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { saveIntegration } from "@/app/(console)/settings/integrations/actions";
import { ExpiryField, useExpiry } from "@/components/secret/expiry-field";
import { Button } from "@/components/ui/button";
import { DescriptionField } from "@/components/ui/description-field";
import { FormDialog } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";
import type { IntegrationPage, WorkspaceChoice } from "@/lib/integrations/schema";
import { type Reach, reachFields, WorkspaceChoices } from "./workspace-choices";

type Props = { secret: IntegrationPage; workspaces: WorkspaceChoice[] };

/** The button and dialog that change what is said of it and who may use it; no value. */
export function ChangeIntegration(props: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Change…</Button>
      {isOpen && <ChangeDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function ChangeDialog({ secret, workspaces, onClose }: Props & { onClose: () => void }) {
  const router = useRouter();
  const toast = useToast();
  const [reach, setReach] = useState<Reach>({ everywhere: secret.everywhere, workspaces: secret.workspaces.map((one) => one.workspaceId) });
  const expiry = useExpiry(secret.expiresAt);
  const losing = reach.everywhere ? [] : secret.workspaces.filter((one) => one.bound > 0 && !reach.workspaces.includes(one.workspaceId));
  return (
    <FormDialog
      open
      title={`Change ${secret.name}`}
      action={saveIntegration}
      hidden={{ id: secret.id, basedOn: secret.updatedAt, ...reachFields(reach), expiresAt: expiry.at }}
      submit="Save changes"
      onClose={onClose}
      onDone={() => {
        onClose();
        toast(`Changed ${secret.name}.`);
        router.refresh();
      }}
    >
      {(errorOf) => (
        <>
          <DescriptionField value={secret.description} error={errorOf("description")} />
          <WorkspaceChoices reach={reach} workspaces={workspaces} onChange={setReach} error={errorOf("workspaces")} />
          {losing.length > 0 && (
            <p className="text-meta text-fail">
              It is bound in {losing.map((one) => one.slug).join(", ")}: these bindings end, and runs there are refused it. They come back when the workspace
              does.
            </p>
          )}
          <ExpiryField {...expiry.field} help="A reminder in the list. Empty: no day is named." error={errorOf("expiresAt")} />
        </>
      )}
    </FormDialog>
  );
}
