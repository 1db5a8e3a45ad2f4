"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { addTeamMemberAction, createTeamAction, deleteTeamAction, removeTeamMemberAction, updateTeamAction } from "@/app/(console)/settings/teams/actions";
import { grantRoleAction } from "@/app/(console)/access/actions";
import { type Places, RoleFields } from "@/components/access/role-fields";
import { ActionDialog } from "@/components/ui/action-dialog";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { DangerDialog } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";
import { UntilField } from "@/components/ui/until-field";

type Team = { id: string; name: string; description: string };
type ErrorOf = (field: string) => string | undefined;

const Fields = ({ errorOf, team }: { errorOf: ErrorOf; team?: Team }) => (
  <>
    <TextField id="name" label="Name" maxLength={100} defaultValue={team?.name} error={errorOf("name")} />
    <TextField id="description" label="What it is for" optional maxLength={500} defaultValue={team?.description} error={errorOf("description")} />
  </>
);

/** Makes a team and opens its page. */
export function NewTeam() {
  const router = useRouter();
  return (
    <ActionDialog
      label="New team…"
      icon="plus"
      title="New team"
      action={createTeamAction}
      submit="Make the team"
      said={({ name }) => `${name} is made.`}
      onDone={({ id }) => router.push(`/settings/teams/${id}`)}
    >
      {(errorOf) => <Fields errorOf={errorOf} />}
    </ActionDialog>
  );
}

/** Renames a team, and ends it with all that it gives. */
export function TeamActs({ team, mayDelete }: { team: Team; mayDelete: boolean }) {
  const [isDeleting, setDeleting] = useState(false);
  const [router, toast] = [useRouter(), useToast()];
  return (
    <>
      <ActionDialog
        label="Change…"
        title={`Change ${team.name}`}
        action={updateTeamAction}
        hidden={{ teamId: team.id }}
        submit="Save"
        said={() => "The team is saved."}
      >
        {(errorOf) => <Fields errorOf={errorOf} team={team} />}
      </ActionDialog>
      {mayDelete && (
        <Button look="ghost" onClick={() => setDeleting(true)}>
          Delete…
        </Button>
      )}
      <DangerDialog
        open={isDeleting}
        onClose={() => setDeleting(false)}
        title={`Delete ${team.name}`}
        name={team.name}
        action={deleteTeamAction}
        hidden={{ teamId: team.id }}
        submit="Delete the team"
        onDone={({ name }) => {
          toast(`${name} has ended.`);
          router.push("/settings/teams");
        }}
      >
        <p>Its members lose on their next request what they have through it alone. What it gave, and whom, stays in the record.</p>
      </DangerDialog>
    </>
  );
}

/** Puts a person into a team. */
export const AddToTeam = ({ team, roles }: { team: Team; roles: number }) => (
  <ActionDialog
    label="Add a person…"
    icon="plus"
    title={`Add a person to ${team.name}`}
    action={addTeamMemberAction}
    hidden={{ teamId: team.id }}
    submit="Add to the team"
    said={({ name, team: to }) => `${name} is in ${to}.`}
  >
    {(errorOf) => (
      <>
        {roles > 0 && <p>They get {roles === 1 ? "its role" : `its ${roles} roles`} with it, on their next request.</p>}
        <TextField
          id="email"
          label="E-mail address"
          type="email"
          autoComplete="off"
          help="Of somebody who has an account."
          error={errorOf("person") ?? errorOf("email")}
        />
      </>
    )}
  </ActionDialog>
);

/** Takes a person out of a team. */
export const TakeOut = ({ team, member }: { team: Team; member: { principalId: string; who: string } }) => (
  <ActionDialog
    label="Take out…"
    buttonLook="ghost"
    title={`Take ${member.who} out of ${team.name}`}
    action={removeTeamMemberAction}
    hidden={{ teamId: team.id, principalId: member.principalId }}
    submit="Take out"
    look="danger"
    said={({ name, team: from }) => `${name} is out of ${from}.`}
  >
    {() => <p>What they have through the team alone ends on their next request.</p>}
  </ActionDialog>
);

/** Gives a team a role. */
export const GiveTeamRole = ({ team, places }: { team: Team; places: Places }) => (
  <ActionDialog
    label="Give a role…"
    icon="plus"
    title={`Give ${team.name} a role`}
    action={grantRoleAction}
    hidden={{ teamId: team.id }}
    submit="Give the role"
    said={({ subject }) => `${subject} has the role.`}
  >
    {(errorOf) => (
      <>
        <p>Everybody in the team has it, for as long as they are in it.</p>
        <RoleFields places={places} errorOf={errorOf} />
        <UntilField error={errorOf("until")} />
        <TextField id="reason" label="Reason" optional maxLength={500} help="Stands in the audit trail." error={errorOf("reason")} />
      </>
    )}
  </ActionDialog>
);
