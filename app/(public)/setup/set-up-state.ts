import type { Places } from "@/lib/organizations/get-places";

/** What the page knows of the link's secret. */
export type SecretState =
  | { status: "checking" }
  | { status: "open"; places: Places }
  | { status: "closed" }
  | { status: "error"; message: string; fix?: string; requestId: string };

/** What the form knows after a try. */
export type CreateState = { status: "idle" } | { status: "error"; message: string; fix?: string; fields: Record<string, string>; requestId: string };
