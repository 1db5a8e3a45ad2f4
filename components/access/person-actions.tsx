"use client";

import { deactivatePersonAction, endSessionsAction, restorePersonAction } from "@/app/(console)/access/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { TextField } from "@/components/ui/field";
import { counted } from "@/components/ui/time-words";
import type { PersonPage } from "@/lib/access/person-schema";

/** What a System Admin does with an account: end its sessions, deactivate it with a preview, restore it. */
export function PersonActions({ person, grants }: { person: PersonPage; grants: number }) {
  const hidden = { principalId: person.id };
  const holds = person.holds ?? { sessions: 0, devices: 0, tokens: 0, keys: 0, requests: 0 };
  if (!person.active)
    return (
      <ActionDialog
        label="Restore…"
        title={`Restore ${person.name}`}
        action={restorePersonAction}
        hidden={hidden}
        submit="Restore the account"
        said={({ name }) => `${name} is active again.`}
      >
        {() => (
          <p>
            The account is active again, with {counted(grants, "grant")} that have not ended. Sessions, devices, tokens and keys do not come back: the person
            signs in anew.
          </p>
        )}
      </ActionDialog>
    );
  return (
    <>
      <ActionDialog
        label="End sessions…"
        title={`End all sessions of ${person.name}`}
        action={endSessionsAction}
        hidden={hidden}
        submit="End the sessions"
        look="danger"
        said={({ sessions, devices }) => `Ended ${counted(sessions, "session")}, locked ${counted(devices, "device")}.`}
      >
        {() => (
          <p>
            {counted(holds.sessions, "session")} {holds.sessions === 1 ? "ends" : "end"} and {counted(holds.devices, "device")}{" "}
            {holds.devices === 1 ? "is" : "are"} locked on the next request; logins with the password on command lines end too. They can sign in again.
          </p>
        )}
      </ActionDialog>
      {!person.isMe && (
        <ActionDialog
          label="Deactivate…"
          buttonLook="danger"
          title={`Deactivate ${person.name}`}
          action={deactivatePersonAction}
          hidden={hidden}
          submit={`Deactivate ${person.name}`}
          look="danger"
          said={({ name }) => `${name} is deactivated.`}
        >
          {() => (
            <>
              <p>On the next request, on every page, client and stream:</p>
              <ul className="list-disc pl-5">
                <li>{counted(holds.sessions, "session ends", "sessions end")}, and nobody signs in with this account</li>
                <li>{counted(holds.devices, "device")} locked</li>
                <li>{counted(holds.tokens, "personal token")} revoked</li>
                <li>{counted(holds.keys, "API key")} of service accounts that they made or saw end, after the days of grace of the workspace</li>
                <li>{counted(holds.requests, "open request")} withdrawn</li>
              </ul>
              <p>
                What stays: {counted(grants, "grant")}, without effect until the account is restored, and all they made and did, with their name. Runs that they
                started lose their credential.
              </p>
              <TextField id="deactivate-reason" name="reason" label="Reason" optional maxLength={500} help="Stands in the audit trail." />
            </>
          )}
        </ActionDialog>
      )}
    </>
  );
}
