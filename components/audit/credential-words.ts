const KINDS: Record<string, string> = {
  api_key: "API key",
  session: "Browser session",
  workload: "Token of a run",
  operator: "Operator on the host",
  system: "Reeve itself",
};

/** "API key ci", "Browser session": what proved who it was. */
export function credentialWords({ credentialKind, credentialLabel }: { credentialKind: string; credentialLabel: string | null }): string {
  const kind = KINDS[credentialKind] ?? credentialKind;
  return credentialLabel && credentialKind === "api_key" ? `${kind} ${credentialLabel}` : kind;
}
