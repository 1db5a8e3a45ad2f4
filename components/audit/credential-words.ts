const KINDS: Record<string, string> = {
  api_key: "API key",
  session: "Browser session",
  device: "Device",
  personal_token: "Personal token",
  password: "Password on the wire",
  workload: "Token of a run",
  operator: "Operator on the host",
  system: "Reeve itself",
};
const NAMED = new Set(["api_key", "device", "personal_token"]);

type Credential = { credentialKind: string; credentialLabel: string | null };

/** The role, and where, that a person looked at the console as: "Viewer in fraud-detection". Null when as themselves. */
export const viewedAs = ({ credentialKind, credentialLabel }: Credential): string | null =>
  (credentialKind === "session" && /, viewing as (.+)$/.exec(credentialLabel ?? "")?.[1]) || null;

/** "API key ci", "Browser session": what proved who it was. */
export function credentialWords(credential: Credential): string {
  const { credentialKind, credentialLabel } = credential;
  const role = viewedAs(credential);
  if (role) return `Browser session, viewing as ${role}`;
  const kind = KINDS[credentialKind] ?? credentialKind;
  return credentialLabel && NAMED.has(credentialKind) ? `${kind} ${credentialLabel}` : kind;
}
