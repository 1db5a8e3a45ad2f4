import { notFound, unstable_rethrow } from "next/navigation";
import type { CallContext } from "@/lib/kernel/command";
import { toAppError } from "@/lib/kernel/errors";
import { logError } from "@/lib/kernel/log";

export type Failure = { title: string; fix: string; requestId: string };

/**
 * Loads what a page shows. What is not there becomes the 404 page; any other error is given back, so that the page can say what
 * happened in the place where it happened, with the request id. Unexpected ones are logged.
 */
export async function attempt<T>(
  context: CallContext,
  load: () => Promise<T>,
): Promise<{ data: T; failure?: undefined } | { data?: undefined; failure: Failure }> {
  try {
    return { data: await load() };
  } catch (error) {
    unstable_rethrow(error);
    const known = toAppError(error);
    if (known.code === "not_found") notFound();
    if (known.code === "internal") logError(context.request, known);
    return {
      failure: {
        title: known.message,
        fix: known.fix ?? "Go back and try again; if it stays, give the request id to your administrator.",
        requestId: context.request.requestId,
      },
    };
  }
}
