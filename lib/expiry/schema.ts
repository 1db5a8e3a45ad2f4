// Main keys of connectors and values of secrets whose end was named: what wants a person before it comes.

/** How long ahead it is said. */
export const SOON_DAYS = 14;

/** `workspace`: null for a secret of the organization. */
export type Expiring = { kind: "connector" | "secret" | "integration"; id: string; name: string; workspace: string | null; expiresAt: string };

/** The page on which its keys are replaced. */
export const expiringPath = ({ kind, id, workspace }: Pick<Expiring, "kind" | "id" | "workspace">): string =>
  workspace ? `/${workspace}/${kind}s/${id}` : `/settings/${kind}s/${id}`;

/** What ends: the subject of a sentence. */
export const KEYS_OF: Record<Expiring["kind"], string> = {
  connector: "The main keys of the connector",
  secret: "The values of the secret",
  integration: "The values of the organization’s secret",
};
