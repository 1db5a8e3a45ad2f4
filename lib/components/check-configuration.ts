import "server-only";
import { isDeepStrictEqual } from "node:util";
import { REDACTED, redact } from "@/lib/audit/redact";
import { checkConfiguration, isSecretField, type JsonSchema, secretReference } from "@/lib/flavors/config-schema";
import type { FlavorForUse } from "@/lib/flavors/find-flavor";
import { AppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { withinTime } from "@/lib/kernel/within-time";

// The check of a component's configuration, and what may be said of it in the trail: secret values never, not even that two are equal.

/** People write flavors, and one thread serves everybody. */
const CHECK_MS = 250;

/**
 * Checks against the flavor. A form is held to the schema and takes references in secret fields; from the wire, whose client has
 * already read the values with the flavor's own classes, only what can't fit is refused, and custom flavors are the client's business.
 * Error: bad_request, with a message by field.
 */
export function requireFitting(
  flavor: FlavorForUse,
  type: string,
  configuration: Record<string, unknown>,
  request: RequestContext,
  { known, kept = [] }: { known?: ReadonlySet<string>; kept?: readonly string[] } = {},
): void {
  const isForm = request.origin === "ui";
  if (!isForm && flavor.isCustom) return;
  const judged = isForm ? Object.fromEntries(Object.entries(configuration).filter(([name]) => !kept.includes(name))) : configuration;
  const all = withinTime(CHECK_MS, `The flavor ${flavor.name} takes too long to check this configuration: its patterns or its kinds have no end.`, () =>
    checkConfiguration(flavor.schema, judged, { isLax: !isForm, needsReferences: isForm, known }),
  );
  const problems = Object.fromEntries(Object.entries(all).filter(([name]) => !kept.includes(name)));
  const names = Object.keys(problems);
  if (names.length === 0) return;
  const unknown = names.filter((name) => !Object.hasOwn(flavor.schema.properties ?? {}, name));
  const text = unknown.length > 0 ? `Invalid configuration keys [${unknown.map((name) => `'${name}'`).join(", ")}] for ${flavor.name} ${type}.` : "";
  const others = names.filter((name) => !unknown.includes(name)).map((name) => `${name}: ${problems[name]}`);
  throw new AppError("bad_request", [text, ...others].filter(Boolean).join(" "), { fields: problems, reason: "invalid_configuration" });
}

/** A configuration for the trail: values of secret fields are replaced, references stay readable. */
export function auditable(schema: JsonSchema, configuration: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(configuration).map(([name, value]) => {
      const isHidden = isSecretField(schema.properties?.[name]) && value !== null && value !== "" && !secretReference(value);
      return [name, isHidden ? REDACTED : typeof value === "string" ? withoutPassword(value) : redact(value)];
    }),
  );
}

/** The names of fields that differ where the trail can't say how: what it may say of a replaced secret. */
export function replacedUnseen(schema: JsonSchema, before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const [was, is] = [auditable(schema, before), auditable(schema, after)];
  return Object.keys({ ...before, ...after }).filter((name) => !isDeepStrictEqual(before[name], after[name]) && isDeepStrictEqual(was[name], is[name]));
}

/** `https://ann:secret@host` → `https://ann:[redacted]@host`. */
export const withoutPassword = (text: string): string => text.replace(/(\w+:\/\/[^/\s:@]*:)[^/\s@]+@/g, `$1${REDACTED}@`);
