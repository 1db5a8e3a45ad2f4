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

/** "API key ci", "Browser session": what proved who it was. */
export function credentialWords({ credentialKind, credentialLabel }: { credentialKind: string; credentialLabel: string | null }): string {
  const kind = KINDS[credentialKind] ?? credentialKind;
  return credentialLabel && NAMED.has(credentialKind) ? `${kind} ${credentialLabel}` : kind;
}
