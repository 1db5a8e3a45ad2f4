"use client";

import { grantRoleAction } from "@/app/(console)/access/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { describedBy, Field, Input, TextField } from "@/components/ui/field";
import { SelectField } from "@/components/ui/select-field";
import { UntilField } from "@/components/ui/until-field";
import { type Places, RoleFields } from "./role-fields";

export type Candidate = { id: string; name: string };

type Props = {
  places: Places;
  serviceAccounts: Candidate[];
  /** Teams to choose from; a role given to one is its members'. */
  teams?: Candidate[];
  denies?: boolean;
};

/** Gives a role to somebody who has an account (a person by address, or one of the service accounts) or to a team. */
export function AddMember({ places, serviceAccounts, teams = [], denies = false }: Props) {
  return (
    <ActionDialog
      label={denies ? "Deny…" : "Add…"}
      icon={denies ? "shield-x" : "plus"}
      buttonLook={denies ? "ghost" : "plain"}
      title={denies ? "Deny somebody a role’s rights" : "Add a member"}
      action={grantRoleAction}
      hidden={denies ? { effect: "deny" } : undefined}
      submit={denies ? "Deny" : "Give the role"}
      look={denies ? "danger" : "primary"}
      said={({ subject }) => (denies ? `${subject} is denied these rights.` : `${subject} has the role.`)}
    >
      {(errorOf) => (
        <>
          {denies && <p>A deny wins over every role: what the chosen role allows is refused here, whatever else they hold.</p>}
          <Field id="email" label="E-mail address" help="Of somebody who has an account. Others are invited." error={errorOf("person") ?? errorOf("email")}>
            <Input id="email" name="email" type="email" autoComplete="off" {...describedBy("email", true, errorOf("person"))} />
          </Field>
          {serviceAccounts.length > 0 && (
            <SelectField
              id="principalId"
              label="Or a service account"
              optional
              choices={[{ value: "", label: "–" }, ...serviceAccounts.map(({ id, name }) => ({ value: id, label: name }))]}
            />
          )}
          {teams.length > 0 && (
            <SelectField
              id="teamId"
              label="Or a team"
              optional
              help="Its members have the role for as long as they are in it."
              choices={[{ value: "", label: "–" }, ...teams.map(({ id, name }) => ({ value: id, label: name }))]}
            />
          )}
          <RoleFields places={places} errorOf={errorOf} role={denies ? "contributor" : "viewer"} />
          <UntilField error={errorOf("until")} />
          <TextField id="reason" label="Reason" optional maxLength={500} help="Stands in the audit trail." error={errorOf("reason")} />
        </>
      )}
    </ActionDialog>
  );
}
