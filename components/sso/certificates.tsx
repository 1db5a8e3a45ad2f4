import { FactList } from "@/components/ui/facts";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import type { CertificateFacts, SamlSettings } from "@/lib/sso/schema";

const WARN_DAYS = 30;

export const endsSoon = (endsAt: string, now: number): boolean => Date.parse(endsAt) - now < WARN_DAYS * 86_400_000;

/** What was taken of a SAML provider: its addresses, and the certificates that it signs with. */
export function Taken({ settings, certificates, now }: { settings: SamlSettings; certificates: CertificateFacts[]; now: number }) {
  return (
    <>
      <Section title="What is taken">
        <FactList
          facts={[
            { label: "Issuer", value: <code>{settings.issuer}</code> },
            { label: "Sign-in", value: <code>{settings.ssoUrl}</code> },
            { label: "By", value: settings.ssoBinding === "redirect" ? "HTTP-Redirect" : "HTTP-POST" },
            {
              label: "Logout",
              value: settings.sloUrl ? (
                <>
                  <code>{settings.sloUrl}</code> by {settings.sloBinding === "redirect" ? "HTTP-Redirect" : "HTTP-POST"}
                </>
              ) : (
                "none"
              ),
            },
          ]}
        />
      </Section>
      <Section title="Certificates" count={certificates.length > 1 ? "each is accepted" : undefined}>
        <PlainTable
          label="Certificates"
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
    </>
  );
}
