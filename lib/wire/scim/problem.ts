import "server-only";
import type { AppError } from "@/lib/kernel/errors";

// Errors as SCIM answers them (RFC 7644 §3.12).

type ScimType = "invalidFilter" | "invalidSyntax" | "invalidPath" | "invalidValue" | "noTarget" | "mutability" | "uniqueness" | "tooMany";

export class ScimError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly scimType?: ScimType,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

export const invalid = (scimType: ScimType, message: string): ScimError => new ScimError(400, message, scimType);

/** What a command's error is to a directory. */
export function scimErrorOf(error: AppError): ScimError {
  const text = [error.message, error.fix].filter(Boolean).join(" ");
  if (error.code === "conflict") return error.reason === "stale" ? new ScimError(412, text) : new ScimError(409, text, "uniqueness");
  if (error.code === "invalid_input" || error.code === "bad_request") return new ScimError(400, text, "invalidValue");
  return new ScimError(error.status, text);
}

/** The body of an error answer. */
export const errorBody = (error: ScimError) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
  status: String(error.status),
  ...(error.scimType ? { scimType: error.scimType } : {}),
  detail: error.message,
});
