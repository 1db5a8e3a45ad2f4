import "server-only";
import { recordRefusedSignIn } from "@/lib/identity/record-refused-sign-in";
import { AppError } from "@/lib/kernel/errors";
import { logError } from "@/lib/kernel/log";
import type { RequestContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import { type Attempt, attemptPage, endAttempt, noteStep } from "./attempts";
import { type Refusal, SignInRefused } from "./schema";

// The end of an attempt that failed: told to the person in our words, in the attempt with its detail, and in the trail.

/** What an error means for who signs in. What we don't know is the library's refusal, and in the log. */
export function refusalOf(error: unknown, request: RequestContext): { code: Refusal; detail?: string } {
  for (let cause = error; cause instanceof Error; cause = cause.cause as Error)
    if (cause instanceof SignInRefused) return { code: cause.code, detail: cause.detail };
  if (error instanceof AppError && error.code !== "internal") throw error;
  logError(request, new AppError("internal", "The sign-on library failed.", { cause: error }));
  return { code: "library" };
}

/** Ends the attempt as refused; gives where the browser goes. Error: unavailable, when the trail can't be written. */
export async function refuseAttempt(attempt: Attempt, error: unknown, request: RequestContext, email: string | null = null, result?: unknown): Promise<string> {
  const { code, detail } = refusalOf(error, request);
  await noteStep(attempt.id, "refused", false, detail ? `${code}: ${detail}` : code);
  const isFirst = await inScope([], (tx) => endAttempt(tx, attempt.id, { outcome: "refused", refusal: code, email, result }));
  if (isFirst)
    await recordRefusedSignIn(request, {
      organizationId: attempt.organizationId,
      reason: `sso.${code}`,
      target: { type: "session", id: attempt.id, name: email },
    });
  return attempt.mode === "test" ? attemptPage(attempt) : `/sign-in?attempt=${attempt.id}`;
}
