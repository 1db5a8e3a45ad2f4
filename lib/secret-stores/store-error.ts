import "server-only";
import { AppError } from "@/lib/kernel/errors";
import { ProviderError } from "@/lib/providers/connectors/contract";
import { StoreError } from "@/lib/providers/secret-stores/contract";

// What an outside store refused or could not do, as people read it; in our words alone.

const FIX = "Nothing was changed. Try again in a moment; Workspace Admins see the store’s state in the settings of the workspace, under Secret store.";

/** `unavailable` when the store can't do its part now; conflict when what was asked for is not there, with the reason `store_<what>`. */
export function inStoresWords(error: unknown, title: string): unknown {
  if (!(error instanceof StoreError || error instanceof ProviderError)) return error;
  const { reason, code } = error;
  const message = code ? `${error.message} (${code})` : error.message;
  if (reason === "not-found")
    return new AppError("conflict", `The values are not in ${title} any more: they were destroyed there.`, {
      fix: "Rotate the secret with new values.",
      reason: "store_not_found",
      cause: error,
    });
  if (reason === "deleted")
    return new AppError("conflict", `The values were deleted in ${title}.`, {
      fix: "They can be brought back there; or rotate the secret with new values.",
      reason: "store_deleted",
      cause: error,
    });
  if (reason === "conflict") return new AppError("conflict", message, { reason: "store_conflict", cause: error });
  return new AppError("unavailable", `The secret store of this workspace (${title}) can’t be used now. ${message}`, {
    fix: FIX,
    reason: `store_${reason.replaceAll("-", "_")}`,
    cause: error,
  });
}

/** What went wrong as one text that may be shown and kept. */
export const storeText = (error: unknown): string => {
  if (error instanceof AppError) return error.cause instanceof Error && error.cause.message ? textOf(error.cause, error.message) : error.message;
  throw error;
};

const textOf = (cause: Error, message: string): string =>
  cause instanceof StoreError || cause instanceof ProviderError ? (cause.code ? `${cause.message} (${cause.code})` : cause.message) : message;
