import Link from "next/link";
import { AddMember } from "@/components/access/add-member";
import { GrantActions } from "@/components/access/grant-actions";
import { GrantLanes } from "@/components/access/grant-lanes";
import { RoleWord, scopeWords } from "@/components/access/grant-words";
import { PersonActions } from "@/components/access/person-actions";
import { RightsMatrix } from "@/components/access/rights-matrix";
import { ConsolePage } from "@/components/shell/console-page";
import { StatusBadge } from "@/components/ui/status";
import { FactsStrip } from "@/components/ui/facts";
import { PageHead, Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { ExactTime, Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { Avatar } from "@/components/ui/who";
import { getPerson } from "@/lib/access/get-person";
import { listGrants } from "@/lib/access/list-grants";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../attempt";
import { refusalOf } from "../refusal";
import { accessPath, placesOf } from "./access-frame";
import { FailurePage } from "../failure-page";

/** One account: what it holds here and since when, what that lets it do, what it did. */
export async function PersonPage(args: PageArguments) {
  const { context, place, params } = args;
  const path = accessPath(place);
  const crumbs = [
    place.workspace ? { label: place.workspace.slug, href: `/${place.workspace.slug}` } : { label: place.organization.name, href: "/" },
    { label: "Access", href: path },
  ];
  const principalId = params.person ?? "";
  const { data, failure } = await attempt(context, () =>
    Promise.all([
      ask(getPerson, context, { principalId }),
      ask(listGrants, context, { conditions: [], sort: { field: "since", direction: "desc" }, limit: 200, principalId, withEnded: true }),
      placesOf(args),
    ]),
  );
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Person" }]} failure={failure} />;
  const [person, grants, places] = data;
  const open = grants.rows.filter((grant) => grant.state !== "ended");
  const target = { workspaceId: place.workspace?.id, ownerId: person.id, thing: { type: "user", id: person.id, name: person.name } };
  const isPerson = person.kind === "user";
  const deactivating = refusalOf(context.actor, "user:deactivate", { ...target, workspaceId: null }, "Deactivating people is not in your role");
  const granting = refusalOf(context.actor, "grant:create", target, "Giving roles is not in your role");
  return (
    <ConsolePage crumbs={[...crumbs, { label: person.name }]}>
      <PageHead
        title={
          <span className="inline-flex items-center gap-2.5">
            <Avatar name={person.name} kind={person.kind} size={26} />
            {person.name}
          </span>
        }
        beside={<StatusBadge state={person.active ? "active" : "deactivated"} />}
        below={person.email}
        actions={
          <>
            {!granting && !person.isMe && person.active && <AddMember places={places} serviceAccounts={[]} />}
            {isPerson && (deactivating ? <RefusedControl label="Deactivate" refusal={deactivating} /> : <PersonActions person={person} grants={open.length} />)}
          </>
        }
      />
      <FactsStrip
        facts={[
          { label: "Kind", value: isPerson ? "Person" : "Service account" },
          { label: "Since", value: <ExactTime at={person.createdAt} /> },
          ...(person.endedAt ? [{ label: "Deactivated", value: <ExactTime at={person.endedAt} /> }] : []),
          { label: "Last seen", value: person.lastSeenAt ? <Time at={person.lastSeenAt} /> : <span className="text-ink-3">not recorded</span> },
          ...(person.identities ? [{ label: "Signs in with", value: person.identities.join(", ") || <span className="text-ink-3">nothing yet</span> }] : []),
          ...(person.holds
            ? [
                { label: "Sessions", value: countWords(person.holds.sessions) },
                { label: "Devices", value: countWords(person.holds.devices) },
                { label: "Personal tokens", value: countWords(person.holds.tokens) },
              ]
            : []),
        ]}
      />
      <div className="pad-x mt-4 border-t border-rule py-4">
        <Section title="Holds now" count={countWords(open.length)}>
          {open.length === 0 ? (
            <p className="text-ink-3">No role here.</p>
          ) : (
            <PlainTable
              label="Open grants"
              columns={[{ label: "Role" }, { label: "Where" }, { label: "Ends" }, { label: "Actions", align: "right" }]}
              rows={open.map((grant) => ({
                key: grant.id,
                cells: [
                  <RoleWord key="role" grant={grant} />,
                  scopeWords(grant),
                  grant.until ? <Time key="until" at={grant.until} /> : "no end",
                  <GrantActions key="actions" grant={grant} />,
                ],
              }))}
            />
          )}
        </Section>
        <Section title="Grants as they were">
          <GrantLanes grants={grants.rows} />
        </Section>
        <Section
          title={place.workspace ? `What this allows in ${place.workspace.slug}` : "What this allows on the organization"}
          aside={
            <Link href={`${path}/why?who=${person.id}`} className="link">
              Why, for one permission
            </Link>
          }
        >
          {person.rights.length === 0 ? (
            <p className="text-ink-3">{person.active ? "Nothing here." : "Nothing: the account is deactivated."}</p>
          ) : (
            <RightsMatrix label="Effective rights" rights={Object.fromEntries(person.rights.map(({ permission, reach }) => [permission, reach]))} onlyHeld />
          )}
        </Section>
        {person.acts && (
          <Section
            title="Acts"
            aside={
              <Link href={`${place.workspace ? `/${place.workspace.slug}` : ""}/audit?f=actor~is~${encodeURIComponent(person.name)}`} className="link">
                All, in the audit trail
              </Link>
            }
          >
            {person.acts.length === 0 ? (
              <EmptyState title="Nothing is recorded of this account here yet." />
            ) : (
              <PlainTable
                label="Newest acts"
                columns={[{ label: "№" }, { label: "Time" }, { label: "Action" }, { label: "Target" }, { label: "Outcome" }]}
                rows={person.acts.map((act) => ({
                  key: String(act.seq),
                  cells: [countWords(act.seq), <Time key="at" at={act.at} />, <code key="action">{act.action}</code>, act.target ?? "–", act.outcome],
                }))}
              />
            )}
          </Section>
        )}
      </div>
    </ConsolePage>
  );
}
