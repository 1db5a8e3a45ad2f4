import type { AuthMethod } from "@/lib/providers/connectors/catalogue";

// How long what is issued lives: what was asked for, within what the connector says and what the cloud allows.

/** Roles live at most 12 hours; their own limit may be lower, and the cloud says so. */
const UNBOUNDED = 12 * 3_600;

export type Lifetime = { seconds: number | null; isCapped: boolean };

/** The limits of a method in seconds; null for one whose credentials have no life to choose. */
export function limitsOf(method: AuthMethod): { min: number; max: number; usual: number } | null {
  const { min_expiration_seconds: min, max_expiration_seconds: max, default_expiration_seconds: usual } = method;
  if (min === null && max === null && usual === null) return null;
  const most = max ?? UNBOUNDED;
  return { min: min ?? 1, max: most, usual: usual ?? most };
}

/** The life within the limits. `isCapped`: it is shorter than what was asked for. */
export function lifetimeOf(method: AuthMethod, own: number | null, asked: number | null): Lifetime {
  const limits = limitsOf(method);
  if (!limits) return { seconds: null, isCapped: false };
  const most = own === null ? limits.max : Math.min(own, limits.max);
  const wanted = asked ?? own;
  if (wanted === null) return { seconds: Math.min(limits.usual, most), isCapped: false };
  const seconds = Math.max(limits.min, Math.min(wanted, most));
  return { seconds, isCapped: seconds < wanted };
}
