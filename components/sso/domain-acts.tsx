"use client";

import {
  addDomainAction,
  checkDomainAction,
  confirmDomainAction,
  enforceDomainAction,
  removeDomainAction,
  stopEnforcingAction,
} from "@/app/(console)/settings/sso/actions";
import { ActButton } from "@/components/ui/act-button";
import { ActionDialog } from "@/components/ui/action-dialog";
import { describedBy, Field, Textarea, TextField } from "@/components/ui/field";
import { counted } from "@/components/ui/time-words";
import type { DomainFacts } from "@/lib/sso/schema";

// What is done with a domain: added, proven, enforced, taken off.

export function AddDomain({ connectionId }: { connectionId: string }) {
  return (
    <ActionDialog
      label="Add a domain…"
      icon="plus"
      title="Add a domain"
      action={addDomainAction}
      hidden={{ connectionId }}
      submit="Add the domain"
      said={(made) => `${made.domain} is added. Prove it next.`}
    >
      {(errorOf) => (
        <TextField
          id="domain"
          label="Domain"
          autoComplete="off"
          spellCheck={false}
          placeholder="example.com"
          help="What stands after the @ in your people's addresses. It belongs to one connection."
          error={errorOf("domain")}
        />
      )}
    </ActionDialog>
  );
}

export function ProveDomain({ domain: { id, domain } }: { domain: DomainFacts }) {
  return (
    <div className="flex flex-wrap gap-2">
      <ActButton action={checkDomainAction} fields={{ domainId: id }} said={`${domain} is proven.`} look="primary">
        Check DNS
      </ActButton>
      <ActionDialog
        label="Confirm by hand…"
        title={`Confirm ${domain} by hand`}
        action={confirmDomainAction}
        hidden={{ domainId: id }}
        submit={`Confirm ${domain}`}
        said={() => `${domain} is confirmed.`}
      >
        {(errorOf) => (
          <>
            <p>
              For installations that can't ask DNS. Your word and your reason stand in the audit trail: who signs in through this connection with an address of{" "}
              {domain} is then taken for its holder.
            </p>
            <Field id="reason" label="How you know that the domain is yours" error={errorOf("reason")}>
              <Textarea id="reason" name="reason" maxLength={500} {...describedBy("reason", undefined, errorOf("reason"))} />
            </Field>
          </>
        )}
      </ActionDialog>
      <RemoveDomain id={id} domain={domain} />
    </div>
  );
}

export function RemoveDomain({ id, domain }: Pick<DomainFacts, "id" | "domain">) {
  return (
    <ActionDialog
      label="Remove…"
      title={`Remove ${domain}`}
      action={removeDomainAction}
      hidden={{ domainId: id }}
      submit={`Remove ${domain}`}
      look="danger"
      said={() => `${domain} is removed.`}
    >
      {() => <p>New sign-ins through this connection with an address of {domain} are refused from then on. Sessions that are open stay.</p>}
    </ActionDialog>
  );
}

export function EnforceDomain({ domain: { id, domain }, sessions, strangers }: { domain: DomainFacts; sessions: number; strangers: number }) {
  return (
    <ActionDialog
      label="Enforce…"
      icon="lock"
      buttonLook="primary"
      title={`Enforce single sign-on for ${domain}`}
      action={enforceDomainAction}
      hidden={{ domainId: id }}
      submit={`Enforce for ${domain}`}
      look="danger"
      said={(done) => `Enforced for ${done.domain}.`}
    >
      {() => (
        <ul className="list-disc pl-5">
          <li>Passwords of {domain} stop, in the browser and for command lines. Personal tokens, devices and API keys stay.</li>
          <li>{counted(sessions, "session ends", "sessions end")} at once; yours stays.</li>
          <li>
            {strangers === 0
              ? "Everybody has signed in through the connection before."
              : `${counted(strangers, "person has", "people have")} never signed in through the connection.`}
          </li>
          <li>The emergency sign-in stays possible.</li>
        </ul>
      )}
    </ActionDialog>
  );
}

export function StopEnforcing({ domain: { id, domain } }: { domain: DomainFacts }) {
  return (
    <ActionDialog
      label="Stop enforcing…"
      title={`Stop enforcing single sign-on for ${domain}`}
      action={stopEnforcingAction}
      hidden={{ domainId: id }}
      submit="Stop enforcing"
      look="danger"
      said={(done) => `No longer enforced for ${done.domain}.`}
    >
      {() => <p>Who has a password may sign in with it again. Sessions that are open stay.</p>}
    </ActionDialog>
  );
}
