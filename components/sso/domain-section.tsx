import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { CliBox } from "@/components/ui/cli-box";
import { Icon } from "@/components/ui/icon";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import type { DomainFacts, EnforcementPreview } from "@/lib/sso/schema";
import { EnforceDomain, ProveDomain, RemoveDomain, StopEnforcing } from "./domain-acts";

/** One domain of step 6. `preview`: what enforcing it would do, for who may; `mayChange`: prove it and take it off. */
export function DomainSection({ domain, preview, mayChange }: { domain: DomainFacts; preview: EnforcementPreview | null; mayChange: boolean }) {
  return (
    <Section
      title={domain.domain}
      aside={
        <span className="flex flex-wrap gap-1.5">
          {domain.proof === null ? (
            <Badge tone="warn" icon="circle-dashed">
              Not proven
            </Badge>
          ) : (
            <Badge tone="ok" icon="circle-check">
              {domain.proof === "dns" ? "Proven by DNS" : "Confirmed by hand"}
            </Badge>
          )}
          {domain.enforcedAt && (
            <Badge tone="idle" icon="lock">
              Enforced
            </Badge>
          )}
        </span>
      }
    >
      {domain.proof === null ? <Unproven domain={domain} mayChange={mayChange} /> : <Proven domain={domain} preview={preview} mayChange={mayChange} />}
    </Section>
  );
}

function Unproven({ domain, mayChange }: { domain: DomainFacts; mayChange: boolean }) {
  return (
    <div className="flex flex-col gap-3">
      <p className="max-w-[72ch]">
        Until it is proven, no sign-in through this connection counts for an address of {domain.domain}. Add this TXT record to its DNS, then check:
      </p>
      <div className="grid items-center gap-x-3 gap-y-1 md:grid-cols-[auto_minmax(0,1fr)]">
        <span className="text-ink-3">Name</span>
        <CliBox command={domain.record.name} label="Copy the record's name" />
        <span className="text-ink-3">Value</span>
        <CliBox command={domain.record.value} label="Copy the record's value" />
      </div>
      {mayChange && <ProveDomain domain={domain} />}
    </div>
  );
}

function Proven({ domain, preview, mayChange }: { domain: DomainFacts; preview: EnforcementPreview | null; mayChange: boolean }) {
  if (domain.enforcedAt)
    return (
      <div className="flex flex-col gap-3">
        <p className="max-w-[72ch]">
          Since <Time at={domain.enforcedAt} /> people with an address of {domain.domain} sign in through this connection alone, save by the emergency sign-in.
        </p>
        {preview && (
          <div>
            <StopEnforcing domain={domain} />
          </div>
        )}
      </div>
    );
  return (
    <div className="flex flex-col gap-3">
      <p className="max-w-[72ch]">Not enforced: people with an address of {domain.domain} can sign in by password too, where they have one.</p>
      {preview && <Preview domain={domain} preview={preview} />}
      <div className="flex flex-wrap gap-2">
        {preview && preview.refusal === null && <EnforceDomain domain={domain} sessions={preview.sessions} strangers={preview.total} />}
        {mayChange && <RemoveDomain id={domain.id} domain={domain.domain} />}
      </div>
    </div>
  );
}

function Preview({ domain, preview }: { domain: DomainFacts; preview: EnforcementPreview }) {
  const unshown = preview.total - preview.strangers.length;
  return (
    <>
      {preview.refusal && (
        <p className="flex items-start gap-2 rounded-1 bg-warn-soft px-3 py-2 text-ink">
          <Icon name="triangle-alert" className="mt-0.5 text-warn" />
          <span>
            <b className="font-medium">It can't be enforced yet.</b> {preview.refusal}
          </span>
        </p>
      )}
      <p className="max-w-[72ch] text-ink-2">
        {preview.total === 0
          ? `Every account of ${domain.domain} has signed in through the connection before.`
          : `${counted(preview.total, "account has", "accounts have")} never signed in through it: they could from then on by no other way.`}{" "}
        {preview.admins === 0 ? "No System Admin" : preview.admins === 1 ? "One System Admin" : counted(preview.admins, "System Admin")} could still sign in,
        and the emergency sign-in works in any case: <code>npm exec reeve -- emergency-login</code> on the host.
      </p>
      {preview.strangers.length > 0 && (
        <div className="max-h-80 overflow-auto">
          <PlainTable
            label={`Accounts of ${domain.domain} that never signed in through the connection`}
            columns={[{ label: "Who" }, { label: "E-mail address" }, { label: "Role" }, { label: "Last seen" }]}
            rows={preview.strangers.map((one) => ({
              key: one.principalId,
              cells: [
                <Link key="who" href={`/access/people/${one.principalId}`} className="inline-flex min-h-6 items-center text-ink underline">
                  {one.who}
                </Link>,
                one.email,
                one.isSystemAdmin ? (
                  <b key="role" className="font-medium text-warn">
                    System Admin
                  </b>
                ) : (
                  "–"
                ),
                one.lastSeenAt ? <Time key="seen" at={one.lastSeenAt} /> : "never",
              ],
            }))}
          />
        </div>
      )}
      {unshown > 0 && <p className="text-ink-3">And {countWords(unshown)} more.</p>}
    </>
  );
}
