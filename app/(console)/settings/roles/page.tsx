import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { ConsolePage } from "@/components/shell/console-page";
import { PageHead } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { countWords } from "@/components/ui/time-words";
import { listRoles } from "@/lib/access/roles";
import { ROLE_IDS, ROLES, rightsOf } from "@/lib/authz/permissions";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { holdsAnywhere } from "@/lib/organizations/sections";
import { listCustomRoles } from "@/lib/roles/queries";

export const metadata: Metadata = { title: "Roles" };

// For those who may read roles somewhere: System Admin, Auditor, Workspace Admins.
export default page("session:read", async ({ context, place }) => {
  if (!holdsAnywhere(context.actor, "role:read")) notFound();
  const [counts, own] = await Promise.all([ask(listRoles, context, {}), ask(listCustomRoles, context, {})]);
  const roles = [
    ...ROLE_IDS.map((id) => ({ id: id as string, ...ROLES[id], rights: rightsOf(id), kind: "System" })),
    ...own.map(({ value, label, summary, base, rights }) => ({
      id: value,
      title: label,
      scope: ROLES[base].scope,
      summary: summary || "–",
      rights,
      kind: `From ${ROLES[base].title}`,
    })),
  ];
  return (
    <ConsolePage crumbs={[{ label: place.organization.name, href: "/" }, { label: "Roles" }]}>
      <PageHead
        isInBar
        title="Roles"
        below="What each role may do, drawn from the one table that decides every request. Rights of several roles add up; a deny grant wins over all. A role of your own starts as a clone: open one."
      />
      <div className="pad-x py-4">
        <PlainTable
          label="Roles"
          columns={[
            { label: "Role" },
            { label: "Held on" },
            { label: "In short" },
            { label: "Rights", align: "right" },
            { label: "Who has it", align: "right" },
            { label: "Kind" },
          ]}
          rows={roles.map(({ id, title, scope, summary, rights, kind }) => ({
            key: id,
            cells: [
              <Link key="role" href={`/settings/roles/${id}`} className="font-medium whitespace-nowrap text-ink hover:underline">
                {title}
              </Link>,
              scope.join(", "),
              summary,
              countWords(Object.keys(rights).length),
              id === "member" ? (
                <span key="count" className="text-ink-3">
                  everybody
                </span>
              ) : (
                <Link key="count" href={`/settings/roles/${id}#members`} className="link">
                  {countWords(counts[id] ?? 0)}
                </Link>
              ),
              kind,
            ],
          }))}
        />
      </div>
    </ConsolePage>
  );
});
