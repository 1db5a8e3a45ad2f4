import Link from "next/link";
import { withdrawRequestAction } from "@/app/(console)/access/actions";
import { ActButton } from "@/components/ui/act-button";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Status } from "@/components/ui/status";
import { Nothing } from "./nothing";
import { Time } from "@/components/ui/time";
import { type GrantRow, type RequestRow, throughWords } from "@/lib/access/schema";

const where = (row: { workspace: string | null; project: string | null }) =>
  row.workspace ? `${row.workspace}${row.project ? ` / ${row.project}` : ""}` : "the organization";

/** What I may do, through what, until when; and what I asked for. */
export function GrantsSection({ grants, requests, titles }: { grants: GrantRow[]; requests: RequestRow[]; titles: Record<string, string> }) {
  return (
    <>
      <Section title="What I may do" count={String(grants.length)}>
        {grants.length === 0 ? (
          <Nothing title="You hold no role yet.">
            <p>A Workspace Admin or a System Admin can grant you one.</p>
          </Nothing>
        ) : (
          <PlainTable
            label="My roles"
            columns={[{ label: "Role" }, { label: "Where" }, { label: "Through" }, { label: "Since" }, { label: "Until" }, { label: "" }]}
            rows={grants.map((grant) => ({
              key: grant.id,
              cells: [
                <b key="role" className="font-medium text-ink">
                  {grant.effect === "deny" ? "No " : ""}
                  {titles[grant.role] ?? grant.role}
                </b>,
                where(grant),
                `${throughWords(grant)}${grant.grantedBy ? `, ${grant.grantedBy}` : ""}`,
                <Time key="since" at={grant.since} />,
                grant.until ? <Time key="until" at={grant.until} /> : "no end",
                grant.workspace && (
                  <Link key="why" className="link" href={`/${grant.workspace}/access/why?who=${grant.principalId}`}>
                    Why
                  </Link>
                ),
              ],
            }))}
          />
        )}
      </Section>
      <Section title="My requests" count={String(requests.length)}>
        {requests.length === 0 ? (
          <p className="py-2 text-ink-3">You asked for nothing. Where something is refused, "Ask for it" opens a request.</p>
        ) : (
          <PlainTable
            label="My requests"
            columns={[
              { label: "Role" },
              { label: "Where" },
              { label: "State" },
              { label: "Asked" },
              { label: "Decided by" },
              { label: "Comment" },
              { label: "", align: "right" },
            ]}
            rows={requests.map((request) => ({
              key: request.id,
              cells: [
                <b key="role" className="font-medium text-ink" title={request.reason}>
                  {titles[request.role] ?? request.role}
                </b>,
                where(request),
                <Status key="state" state={request.state} />,
                <Time key="asked" at={request.createdAt} />,
                request.decidedBy ?? "",
                request.comment ?? "",
                request.state === "open" && (
                  <ActButton
                    key="withdraw"
                    action={withdrawRequestAction}
                    fields={{ requestId: request.id, ...(request.workspace ? { workspace: request.workspace } : {}) }}
                    said="Withdrew your request."
                  >
                    Withdraw
                  </ActButton>
                ),
              ],
            }))}
          />
        )}
      </Section>
    </>
  );
}
