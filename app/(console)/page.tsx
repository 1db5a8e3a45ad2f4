import type { Metadata } from "next";
import Link from "next/link";
import { ConsolePage } from "@/components/shell/console-page";
import { Poll } from "@/components/table/poll";
import { PageHead, Section } from "@/components/ui/page-head";
import { EmptyState } from "@/components/ui/states";
import { counted, countWords } from "@/components/ui/time-words";
import { NeedsAPerson } from "@/components/workspace/needs-a-person";
import { NumberKeys } from "@/components/workspace/number-keys";
import { SetupSteps } from "@/components/workspace/setup-steps";
import { WorkspaceCell } from "@/components/workspace/workspace-cell";
import { can } from "@/lib/authz/can";
import { environment } from "@/lib/kernel/env";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getHome, type Home } from "@/lib/organizations/get-home";
import { attempt } from "./attempt";
import { FailurePage } from "./failure-page";

export const metadata: Metadata = { title: "Home" };

const POLL_SECONDS = 10;

// Everyone who is signed in has a home; what stands on it is filtered row by row.
export default page("session:read", async ({ context, place }) => {
  const { data: home, failure } = await attempt(context, () => ask(getHome, context, {}));
  const crumbs = [{ label: place.organization.name }];
  if (failure) return <FailurePage crumbs={crumbs} failure={failure} />;
  const mayCreate = can(context.actor, "workspace:create").allowed;
  const hasRuns = home.cells.some((cell) => cell.runs > 0 || cell.strokes.length > 0);
  return (
    <ConsolePage crumbs={crumbs}>
      <PageHead isInBar title={home.organization} below={countsLine(home)} />
      <NumberKeys />
      <Poll seconds={POLL_SECONDS} />
      <div className="pad-x mt-3.5 border-t border-rule py-4">
        <NeedsAPerson directories={home.directories} reviews={home.reviews} reveals={home.reveals} expiring={home.expiring} />
        {home.cells.length > 0 && (
          <Section
            title="Workspaces"
            count={countWords(home.cells.length)}
            aside={
              <Link href="/workspaces" className="link">
                All, as a list
              </Link>
            }
          >
            <ol className="grid border-t border-l border-t-rule-strong border-l-rule md:grid-cols-2 lg:grid-cols-3">
              {home.cells.map((cell, index) => (
                <WorkspaceCell key={cell.slug} cell={cell} position={index + 1} />
              ))}
            </ol>
          </Section>
        )}
        {home.cells.length === 0 && !mayCreate && (
          <EmptyState title="You have no workspace yet.">
            <p className="max-w-[72ch]">
              Nobody has given you a role in a workspace of {home.organization}. A Workspace Admin or System Admin can; the workspace then appears here by
              itself.
            </p>
          </EmptyState>
        )}
        {!hasRuns && (mayCreate || home.cells.length > 0) && (
          <Section title="To the first run">
            <SetupSteps steps={setupSteps(home, mayCreate)} />
          </Section>
        )}
      </div>
    </ConsolePage>
  );
});

function countsLine(home: Home): string {
  const parts = [counted(home.cells.length, "workspace")];
  if (home.people !== null) parts.push(counted(home.people, "person", "people"));
  if (home.serviceAccounts !== null) parts.push(counted(home.serviceAccounts, "service account"));
  return `${parts.join(", ")}.`;
}

function setupSteps(home: Home, mayCreate: boolean) {
  const first = home.cells[0];
  const server = `${environment().url}/${first?.slug ?? "<workspace>"}`;
  return [
    { title: `Organization ${home.organization}`, isDone: true, commands: [] },
    {
      title: "A workspace",
      isDone: home.cells.length > 0,
      detail: "Write it into a set-up file (workspaces, people, service accounts) and apply it on the host.",
      commands: mayCreate ? ["npm exec reeve -- apply setup.json --plan", "npm exec reeve -- apply setup.json"] : [],
    },
    {
      title: "A key for a service account",
      isDone: home.hasServiceAccount,
      detail: "A service account in the set-up file gets its key written once, into the keyFile that the file names.",
      commands: mayCreate ? ["npm exec reeve -- apply setup.json"] : [],
    },
    {
      title: "The first run",
      isDone: false,
      detail: "Any pipeline of the zenml client, unchanged. It appears here by itself.",
      commands: ["pip install zenml==0.98.0", `export ZENML_STORE_URL=${server} ZENML_STORE_API_KEY="$(cat ci.key)"`, "python run.py"],
    },
  ];
}
