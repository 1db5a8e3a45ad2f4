import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { CompareRoles } from "@/components/access/compare-roles";
import { RightsMatrix } from "@/components/access/rights-matrix";
import { CloneRole } from "@/components/role/role-acts";
import { ConsolePage } from "@/components/shell/console-page";
import { Badge } from "@/components/ui/badge";
import { PageHead, Section } from "@/components/ui/page-head";
import { can } from "@/lib/authz/can";
import { isRoleId, ROLES, rightsOf } from "@/lib/authz/permissions";
import { isClonable } from "@/lib/authz/role-rule";
import { page } from "@/lib/kernel/page";
import { holdsAnywhere } from "@/lib/organizations/sections";
import { isOwnRoleName } from "@/lib/roles/role-draft-schema";
import { OwnRolePage } from "../own-role-page";
import { RoleHolders } from "../role-holders";

export const metadata: Metadata = { title: "Role" };

// For those who may read roles somewhere; who has it is filtered row by row.
export default page("session:read", async (args) => {
  const { context, place, params, searchParams } = args;
  const { role = "" } = params;
  if (!holdsAnywhere(context.actor, "role:read")) notFound();
  if (isOwnRoleName(role)) return <OwnRolePage args={args} name={role} />;
  if (!isRoleId(role)) notFound();
  const asked = searchParams.against;
  const against = typeof asked === "string" && isRoleId(asked) && asked !== role ? asked : null;
  const { title, summary, scope } = ROLES[role];
  return (
    <ConsolePage crumbs={[{ label: place.organization.name, href: "/" }, { label: "Roles", href: "/settings/roles" }, { label: title }]}>
      <PageHead
        title={title}
        beside={<Badge>System role</Badge>}
        below={`${summary} Held on: ${scope.join(", ")}.`}
        actions={can(context.actor, "role:create").allowed && isClonable(role) && <CloneRole base={role} title={title} />}
      />
      <div className="pad-x mt-4 border-t border-rule py-4">
        <Section title={against ? `What it may do, beside ${ROLES[against].title}` : "What it may do"} aside={<CompareRoles role={role} against={against} />}>
          <p className="mb-2 text-meta text-ink-3">● on every thing where the role is held · own: on what the person made · – not at all</p>
          <RightsMatrix label={`Rights of ${title}`} rights={rightsOf(role)} against={against ? rightsOf(against) : undefined} />
        </Section>
        <RoleHolders context={context} role={role} title={title} />
      </div>
    </ConsolePage>
  );
});
