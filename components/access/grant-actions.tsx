"use client";

import { changeGrantAction, endGrantAction } from "@/app/(console)/access/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { TextField } from "@/components/ui/field";
import { SelectField } from "@/components/ui/select-field";
import { Time } from "@/components/ui/time";
import { UntilField } from "@/components/ui/until-field";
import { isRoleId } from "@/lib/authz/permissions";
import { isThingType } from "@/lib/authz/thing-rule";
import type { GrantRow } from "@/lib/access/schema";
import { roleTitle, rolesAt } from "./grant-list";
import { scopeWords } from "./grant-words";
import { shareRoles } from "./thing-rights";

/** Change and end a grant. A change ends it and opens another: the record keeps both. */
export function GrantActions({ grant }: { grant: GrantRow }) {
  if (!grant.canEnd) return null;
  const hidden: Record<string, string> = { grantId: grant.id, ...(grant.workspace ? { workspace: grant.workspace } : {}) };
  // A role of the organization's own can keep itself here, with another end.
  const own = isRoleId(grant.role) ? [] : [{ value: grant.role, label: roleTitle(grant.role) }];
  const choices =
    grant.shared && isThingType(grant.shared.type)
      ? shareRoles(grant.shared.type, [], false)
      : rolesAt(grant.scope, grant.kind === "user" ? "user" : "service_account");
  const what = `${grant.who}: ${roleTitle(grant.role)} on ${scopeWords(grant)}`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps clicks and keys of the dialogs away from the row and its table
    <span className="inline-flex gap-1" onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
      <ActionDialog
        label="Change…"
        buttonLook="ghost"
        title={what}
        action={changeGrantAction}
        hidden={hidden}
        submit="Change the grant"
        said={({ subject }) => `Changed for ${subject}.`}
      >
        {(errorOf) => (
          <>
            <SelectField id="change-role" name="role" label="Role" defaultValue={grant.role} choices={[...choices, ...own]} error={errorOf("role")} />
            <UntilField error={errorOf("until")} help={grant.until ? undefined : "It has no end now."} />
            <TextField id="change-reason" name="reason" label="Reason" optional maxLength={500} />
            <p className="text-meta text-ink-3">The grant since then ends, and a new one begins: the record keeps both.</p>
          </>
        )}
      </ActionDialog>
      <ActionDialog
        label="End…"
        buttonLook="ghost"
        title={what}
        action={endGrantAction}
        hidden={hidden}
        submit={grant.effect === "deny" ? "End the deny" : "End the grant"}
        look="danger"
        said={({ subject }) => `Ended for ${subject}.`}
      >
        {() => (
          <>
            <p>
              {grant.effect === "deny"
                ? "What is denied is allowed again where another grant gives it."
                : "It holds nothing from the next request on, on pages, clients and streams."}{" "}
              It was given <Time at={grant.since} />
              {grant.grantedBy ? ` by ${grant.grantedBy}` : ""}.
            </p>
            <TextField id="end-reason" name="reason" label="Reason" optional maxLength={500} help="Stands in the audit trail." />
          </>
        )}
      </ActionDialog>
    </span>
  );
}
