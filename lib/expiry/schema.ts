// Main keys of connectors and values of secrets whose end was named: what wants a person before it comes.

/** How long ahead it is said. */
export const SOON_DAYS = 14;

export type Expiring = { kind: "connector" | "secret"; id: string; name: string; workspace: string; expiresAt: string };
