import { RightsMatrix } from "@/components/access/rights-matrix";
import { DeleteRole, SaveRole } from "@/components/role/role-acts";
import { RoleEditor } from "@/components/role/role-editor";
import { RoleEffects, RoleRevisions } from "@/components/role/role-parts";
import { ConsolePage } from "@/components/shell/console-page";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { PageHead, Section } from "@/components/ui/page-head";
import { counted } from "@/components/ui/time-words";
import { can } from "@/lib/authz/can";
import { ROLES, type Rights, rightsOf } from "@/lib/authz/permissions";
import { rightChanges } from "@/lib/authz/role-rule";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getRole, previewRole } from "@/lib/roles/queries";
import { draftRights } from "@/lib/roles/role-draft-schema";
import type { RolePage } from "@/lib/roles/schema";
import { attempt } from "../../attempt";
import { FailurePage } from "../../failure-page";
import { RoleHolders } from "./role-holders";

const textOf = (value: string | string[] | undefined) => (typeof value === "string" ? value : "");

/** A role of the organization's own: its rights beside its base, who has it, its revisions; edited by way of a preview. */
export async function OwnRolePage({ args, name }: { args: PageArguments; name: string }) {
  const { context, place, searchParams } = args;
  const crumbs = [
    { label: place.organization.name, href: "/" },
    { label: "Roles", href: "/settings/roles" },
  ];
  const { data: role, failure } = await attempt(context, () => ask(getRole, context, { name }));
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Role" }]} failure={failure} />;
  const base = ROLES[role.base];
  const may = { edit: can(context.actor, "role:update").allowed, delete: can(context.actor, "role:delete").allowed };
  const isEditing = may.edit && textOf(searchParams.edit) === "1";
  const draft = draftRights(role.rights, textOf(searchParams.change));
  const differs = rightChanges(rightsOf(role.base), role.rights).length;
  return (
    <ConsolePage crumbs={[...crumbs, { label: role.title }]}>
      <PageHead
        title={role.title}
        beside={<Badge>Made from {base.title}</Badge>}
        below={`${role.summary ? `${role.summary} ` : ""}Held on: ${base.scope.join(", ")}. In files: ${role.name}.`}
        actions={
          !isEditing && (
            <>
              {may.edit && <ButtonLink href={`/settings/roles/${role.name}?edit=1`}>Edit</ButtonLink>}
              {may.delete && <DeleteRole name={role.name} title={role.title} />}
            </>
          )
        }
      />
      <div className="pad-x mt-4 border-t border-rule py-4">
        {isEditing ? (
          <>
            <Section title="Its rights">
              <RoleEditor key={textOf(searchParams.change)} name={role.name} base={role.base} held={role.rights} draft={draft} />
            </Section>
            {rightChanges(role.rights, draft).length > 0 && <Preview args={args} role={role} draft={draft} />}
          </>
        ) : (
          <Section title={`What it may do, beside ${base.title}`} count={differs === 0 ? "the same" : counted(differs, "difference")}>
            <p className="mb-2 text-meta text-ink-3">● on every thing where the role is held · own: on what the person made · – not at all</p>
            <RightsMatrix label={`Rights of ${role.title}`} rights={role.rights} against={rightsOf(role.base)} onlyHeld />
          </Section>
        )}
        <RoleHolders context={context} role={role.name} title={role.title} />
        <Section title="Revisions">
          <RoleRevisions revisions={role.revisions} />
        </Section>
      </div>
    </ConsolePage>
  );
}

async function Preview({ args: { context }, role, draft }: { args: PageArguments; role: RolePage; draft: Rights }) {
  const { data, failure } = await attempt(context, () => ask(previewRole, context, { name: role.name, rights: draft }));
  return (
    <section id="preview" aria-label="What saving would change" className="mt-6 border border-rule-strong p-4">
      <h2 className="text-section">What saving would change</h2>
      {failure ? (
        <p role="alert" className="mt-2 text-fail">
          {failure.title} {failure.fix}
        </p>
      ) : (
        <>
          <RoleEffects {...data} />
          <div className="mt-4">
            <SaveRole name={role.name} revision={role.revision} rights={JSON.stringify(draft)} summary={role.summary} />
          </div>
        </>
      )}
    </section>
  );
}
