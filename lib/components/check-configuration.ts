import "server-only";
import { isDeepStrictEqual } from "node:util";
import { hideSecrets, REDACTED } from "@/lib/audit/redact";
import { checkConfiguration, isSecretField, secretReference } from "@/lib/flavors/config-schema";
import type { FlavorForUse } from "@/lib/flavors/find-flavor";
import { AppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { withinTime } from "@/lib/kernel/within-time";

// The check of a component's configuration, and what others may see of it: secret values never; the trail does not even say that two are equal.

type Known = Pick<FlavorForUse, "schema" | "isCustom">;

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
  requireUnmasked(configuration, kept);
  const isForm = request.origin === "ui";
  if (!isForm && flavor.isCustom) return;
  const judged = Object.fromEntries(Object.entries(configuration).filter(([name]) => !kept.includes(name)));
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

/**
 * A configuration without its secrets, for the trail, for pages and for those who may not read them: values of secret fields are replaced,
 * references stay readable. A schema that people wrote, or that does not know a field, vouches for nothing: there names and texts count.
 */
export function withoutSecrets({ schema, isCustom }: Known, configuration: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(configuration).map(([name, value]) => {
      if (value === null || value === "" || secretReference(value)) return [name, value];
      const field = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined;
      if (isSecretField(field)) return [name, REDACTED];
      const isVouchedFor = field && !isCustom;
      const open =
        isVouchedFor && typeof value === "string" ? value : isVouchedFor ? hideSecrets(value) : Object.values(hideSecrets({ [name]: value }) as object)[0];
      return [name, typeof open === "string" ? withoutPassword(open) : open];
    }),
  );
}

/** True where a reader learns only that there is a value. */
export const isHidden = (flavor: Known, name: string, value: unknown): boolean => withoutSecrets(flavor, { [name]: value })[name] === REDACTED;

/**
 * The fields of a configuration that came back as `withoutSecrets` showed them: they keep what is stored, as whoever sends them back never
 * saw it.
 */
export function unseenFields(flavor: Known, stored: Record<string, unknown>, sent: Record<string, unknown>): string[] {
  const shown = withoutSecrets(flavor, stored);
  return Object.keys(sent).filter(
    (name) => Object.hasOwn(stored, name) && isDeepStrictEqual(sent[name], shown[name]) && !isDeepStrictEqual(shown[name], stored[name]),
  );
}

/** Error: bad_request for a mask where nothing is stored that it could stand for. */
function requireUnmasked(configuration: Record<string, unknown>, kept: readonly string[]): void {
  const masked = Object.keys(configuration).filter((name) => !kept.includes(name) && JSON.stringify(configuration[name]).includes(REDACTED));
  if (masked.length === 0) return;
  throw new AppError("bad_request", `${masked.join(", ")}: ${REDACTED} stands for a value that you were not shown, and there is none to keep here.`, {
    fix: "Send the field as it was shown, or a value of its own.",
    fields: Object.fromEntries(masked.map((name) => [name, "Enter the value: this stands for one that was not shown."])),
    reason: "masked_value",
  });
}

/** The names of fields that differ where the trail can't say how: what it may say of a replaced secret. */
export function replacedUnseen(flavor: Known, before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const [was, is] = [withoutSecrets(flavor, before), withoutSecrets(flavor, after)];
  return Object.keys({ ...before, ...after }).filter((name) => !isDeepStrictEqual(before[name], after[name]) && isDeepStrictEqual(was[name], is[name]));
}

/** `https://ann:secret@host` → `https://ann:[redacted]@host`. */
export const withoutPassword = (text: string): string => text.replace(/(\w+:\/\/[^/\s:@]*:)[^/\s@]+@/g, `$1${REDACTED}@`);
