import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import type { CertificateFacts } from "@/lib/sso/schema";

const WARN_DAYS = 30;

export const endsSoon = (endsAt: string, now: number): boolean => Date.parse(endsAt) - now < WARN_DAYS * 86_400_000;

/** The certificates that a provider signs with, as they were read. */
export function Certificates({ certificates, now }: { certificates: CertificateFacts[]; now: number }) {
  if (certificates.length === 0) return null;
  return (
    <Section title="Certificates that hold">
      <PlainTable
        label="Certificates that hold"
        columns={[{ label: "Subject" }, { label: "SHA-256" }, { label: "From" }, { label: "Ends" }]}
        rows={certificates.map((one) => ({
          key: one.sha256,
          cells: [
            one.subject,
            <code key="digest" title={one.sha256}>
              {one.sha256.slice(0, 23)}…
            </code>,
            <Time key="from" at={one.startsAt} />,
            <span key="ends" className={endsSoon(one.endsAt, now) ? "text-warn" : undefined}>
              <Time at={one.endsAt} />
              {Date.parse(one.endsAt) < now && ", over"}
            </span>,
          ],
        }))}
      />
    </Section>
  );
}
