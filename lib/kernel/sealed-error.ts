import "server-only";
import { AppError } from "./errors";

// A key that is missing or can't be opened. Whoever asks for a value hears that much and no more: where keys lie, and what a key service answers, is for
// those who look after the system. They read the whole reason in the log, at the start, and on Settings → System.

/** Error `sealed` for anybody; `why` and what to do about it stay inside. */
export const sealedError = (why: string, fix?: string, cause?: unknown): AppError =>
  new AppError("sealed", "A master key is missing or can’t be opened at the moment, so what it seals can’t be read or written.", {
    fix: "Values open by themselves as soon as it is there. A System Admin sees what is wrong under Settings → System.",
    cause: new Error(fix ? `${why} ${fix}` : why, { cause }),
  });

/** The whole reason, for operators and System Admins alone. */
export const wholeReason = (error: Error): string =>
  error instanceof AppError && error.code === "sealed" && error.cause instanceof Error ? error.cause.message : error.message;
