import "server-only";
import { AppError } from "@/lib/kernel/errors";
import { ProviderError } from "@/lib/providers/connectors/contract";

/** What a provider said went wrong, as text that may be shown and kept: never what the other side wrote. */
export function providerText(error: unknown): string {
  if (error instanceof ProviderError) return error.code ? `${error.message} (${error.code})` : error.message;
  if (error instanceof AppError) return error.fix ? `${error.message} ${error.fix}` : error.message;
  throw error;
}

/** Never unauthenticated or unavailable: clients would log in or ask again, and the keys stay what they are. */
export function asAppError(error: unknown): unknown {
  return error instanceof ProviderError ? new AppError("bad_request", providerText(error), { reason: error.reason, cause: error }) : error;
}
