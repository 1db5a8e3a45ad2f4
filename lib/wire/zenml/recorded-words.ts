import "server-only";
import { AppError, type ErrorCode, toAppError } from "@/lib/kernel/errors";

type Words = Partial<Record<ErrorCode, string | (() => Promise<string>)>>;

/** Gives an error the text of the recorded server, which people know and scripts match; codes without words keep ours. */
export async function inRecordedWords<T>(work: Promise<T>, words: Words): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const known = toAppError(error);
    const text = words[known.code];
    if (!text) throw error;
    throw new AppError(known.code, typeof text === "string" ? text : await text(), { reason: known.reason, cause: error });
  }
}
