import { type ConnectionFacts, PROVIDERS } from "@/lib/sso/schema";

// The wizard's six steps, and where the pages of a connection lie.

export const STEPS = ["provider", "give", "take", "attributes", "test", "domains"] as const;
export type StepId = (typeof STEPS)[number];

export const TABS = [
  { id: "set-up", label: "Set-up" },
  { id: "people", label: "People" },
  { id: "attempts", label: "Attempts" },
  { id: "options", label: "Options" },
] as const;
export type TabId = (typeof TABS)[number]["id"];

export const ssoPath = (slug: string, part?: StepId | Exclude<TabId, "set-up">): string => `/settings/sso/${slug}${part ? `/${part}` : ""}`;

export type StepFacts = { id: StepId; title: string; note: string; isDone: boolean };

/** The provider as its own sentence names it. */
export const providerName = ({ provider, name }: Pick<ConnectionFacts, "provider" | "name">): string => (provider === "generic" ? name : PROVIDERS[provider]);

const isTested = ({ testedVersion, version }: ConnectionFacts) => testedVersion === version;

/** The steps with what each has come to. */
export function stepsOf(connection: ConnectionFacts): StepFacts[] {
  const { protocol, settings, missing, attributes, domains } = connection;
  const name = providerName(connection);
  const taken = settings !== null && missing === null;
  const proven = domains.filter((domain) => domain.proof !== null);
  const enforced = domains.filter((domain) => domain.enforcedAt !== null);
  const from =
    protocol === "saml" ? (connection.settings?.metadataUrl ? "from a metadata URL" : "from its metadata or by fields") : "from discovery at its issuer";
  return [
    { id: "provider", title: "Provider", note: PROVIDERS[connection.provider], isDone: true },
    { id: "give", title: `Give ${name} our data`, note: protocol === "saml" ? "ACS URL, entity id" : "redirect URL", isDone: taken },
    { id: "take", title: `Take ${name}’s data`, note: taken ? from : settings ? "the secret is missing" : "not yet", isDone: taken },
    { id: "attributes", title: "Map attributes", note: attributes.groups ? "groups on" : "without groups", isDone: taken },
    {
      id: "test",
      title: "Test login",
      note: isTested(connection) ? "passed" : connection.testedVersion === null ? "dry: signs nobody in" : "changed since the last one",
      isDone: isTested(connection),
    },
    {
      id: "domains",
      title: "Domain, enforcement",
      note: enforced.length > 0 ? `enforced: ${enforced.map((one) => one.domain).join(", ")}` : domains.map((one) => one.domain).join(", ") || "none yet",
      isDone: proven.length > 0,
    },
  ];
}

/** The step that one goes on with: the first that is not done, else the last. */
export const openStep = (connection: ConnectionFacts): StepId => stepsOf(connection).find((step) => !step.isDone)?.id ?? "domains";

/** The steps beside one; undefined at the ends. */
export const around = (step: StepId): { back?: StepId; next?: StepId } => ({ back: STEPS[STEPS.indexOf(step) - 1], next: STEPS[STEPS.indexOf(step) + 1] });
