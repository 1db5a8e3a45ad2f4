"use client";

import { useState } from "react";
import { useRouter } from "next/navigation";
import { invitePersonAction, resendInvitationAction } from "@/app/(console)/access/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { Textarea, Field, TextField, describedBy } from "@/components/ui/field";
import { ShownOnce } from "@/components/ui/shown-once";
import { UntilField } from "@/components/ui/until-field";
import { type Places, RoleFields } from "./role-fields";

type Made = { email: string; link: string; isMailed: boolean };

/** The link of an invitation: shown once. */
function InvitationLink({ made, onStored }: { made: Made; onStored: () => void }) {
  return (
    <ShownOnce
      title={`Invitation for ${made.email}`}
      value={made.link}
      label="invitation link"
      note={`${made.isMailed ? `It was also mailed to ${made.email}. ` : `No mail server is set: hand it to ${made.email} yourself. `}It works once, for seven days.`}
      onStored={onStored}
    />
  );
}

/** Invites somebody who has no account yet. */
export function Invite({ places }: { places: Places }) {
  const [made, setMade] = useState<Made | null>(null);
  const router = useRouter();
  return (
    <>
      <ActionDialog
        label="Invite…"
        icon="plus"
        buttonLook="primary"
        title="Invite somebody"
        action={invitePersonAction}
        submit="Make the invitation"
        onDone={setMade}
      >
        {(errorOf) => (
          <>
            <TextField id="invite-email" name="email" type="email" label="E-mail address" autoComplete="off" error={errorOf("email")} />
            <TextField id="invite-name" name="name" label="Name" optional autoComplete="off" help="They can change it." error={errorOf("name")} />
            <RoleFields places={places} errorOf={errorOf} />
            <UntilField label="The role ends" error={errorOf("until")} />
            <Field id="note" label="Note" optional help="They read it with the invitation." error={errorOf("note")}>
              <Textarea id="note" name="note" maxLength={500} {...describedBy("note", true, errorOf("note"))} />
            </Field>
          </>
        )}
      </ActionDialog>
      {made && (
        <InvitationLink
          made={made}
          onStored={() => {
            setMade(null);
            router.refresh();
          }}
        />
      )}
    </>
  );
}

/** A new link for an invitation that waits; the old one ends. */
export function ResendInvitation({ id, email, workspace }: { id: string; email: string; workspace: string | null }) {
  const [made, setMade] = useState<Made | null>(null);
  return (
    <>
      <ActionDialog
        label="New link…"
        buttonLook="ghost"
        title={`New link for ${email}`}
        action={resendInvitationAction}
        hidden={{ invitationId: id, ...(workspace ? { workspace } : {}) }}
        submit="Make a new link"
        onDone={setMade}
      >
        {() => <p>The link from before ends, and the new one works for seven days.</p>}
      </ActionDialog>
      {made && <InvitationLink made={made} onStored={() => setMade(null)} />}
    </>
  );
}
