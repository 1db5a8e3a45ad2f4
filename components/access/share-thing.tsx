"use client";

import { useState } from "react";
import { grantRoleAction, shareOwnAction } from "@/app/(console)/access/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { describedBy, Field, Input, TextField } from "@/components/ui/field";
import { SelectField } from "@/components/ui/select-field";
import { UntilField } from "@/components/ui/until-field";
import type { Candidate } from "./add-member";
import type { ShareRole } from "./thing-rights";

type Props = {
  workspace: string;
  /** Of a thing of a project: its name. */
  project: string | null;
  thing: { type: string; id: string; name: string };
  roles: ShareRole[];
  serviceAccounts: Candidate[];
  teams: Candidate[];
  /** The thing's owner shares it, who gives no roles: with a person of the workspace, to read and use. */
  isOwners: boolean;
};

/** Shares one thing with a person, a service account or a team. */
export function ShareThing({ workspace, project, thing, roles, serviceAccounts, teams, isOwners }: Props) {
  const [chosen, setChosen] = useState("viewer");
  const role = roles.find((one) => one.value === chosen) ?? roles[0];
  return (
    <ActionDialog
      label="Share…"
      icon="plus"
      title={`Share the ${thing.type} ${thing.name}`}
      action={isOwners ? shareOwnAction : grantRoleAction}
      hidden={{ workspace, ...(isOwners ? {} : { scope: "workspace" }), thingType: thing.type, thingId: thing.id }}
      submit={`Share the ${thing.type}`}
      said={({ subject }) => `Shared with ${subject}.`}
    >
      {(errorOf) => (
        <>
          <Field
            id="email"
            label="E-mail address"
            help={isOwners ? "Of somebody who has a role in this workspace." : "Of somebody who has an account."}
            error={errorOf("person") ?? errorOf("email")}
          >
            <Input id="email" name="email" type="email" autoComplete="off" {...describedBy("email", true, errorOf("person"))} />
          </Field>
          {serviceAccounts.length > 0 && <Choice id="principalId" label="Or a service account" among={serviceAccounts} />}
          {teams.length > 0 && <Choice id="teamId" label="Or a team" among={teams} />}
          <SelectField
            id="share-role"
            name="role"
            label="Role on it"
            value={role?.value}
            onChange={(event) => setChosen(event.target.value)}
            choices={roles}
            error={errorOf("role")}
          />
          <UntilField error={errorOf("until")} />
          <TextField id="share-reason" name="reason" label="Reason" optional maxLength={500} help="Stands in the audit trail." error={errorOf("reason")} />
          {role && <Preview thing={thing} role={role} workspace={workspace} project={project} />}
        </>
      )}
    </ActionDialog>
  );
}

const Choice = ({ id, label, among }: { id: string; label: string; among: Candidate[] }) => (
  <SelectField id={id} label={label} optional choices={[{ value: "", label: "–" }, ...among.map((one) => ({ value: one.id, label: one.name }))]} />
);

/** What the share would give and what not, before it is given. */
function Preview({ thing, role, workspace, project }: Pick<Props, "thing" | "workspace" | "project"> & { role: ShareRole }) {
  return (
    <div className="rounded-md border border-rule px-3 py-2">
      <p>
        <b>Gives:</b> {role.gives.join(", ")}: this {thing.type} alone, in lists, by its address and with clients, from the next request on.
      </p>
      {role.givesOwn.length > 0 && (
        <p>
          <b>Only if it is theirs:</b> {role.givesOwn.join(", ")}.
        </p>
      )}
      <p>
        <b>Shows besides:</b> that there is the workspace {workspace}
        {project && <> and its project {project}</>}. Nothing else in it.
      </p>
    </div>
  );
}
