import "server-only";
import { z } from "zod";
import { configFields, type JsonSchema } from "@/lib/flavors/config-schema";
import { AppError } from "@/lib/kernel/errors";
import { SECRET_STORES, secretStoreOf } from "@/lib/providers/secret-stores/registry";
import { type StoreKind, storeTitle } from "./schema";

// The kinds of outside stores as the form draws them, and what a form or file says checked and split into what may be shown and what may not.

const METHODS: Record<string, string> = { token: "Token", approle: "AppRole", jwt: "JWT", kubernetes: "Kubernetes" };
const UNPROVEN = "Not run against the real service: our tests ask a stand-in that was written from its documents.";

type Schema = JsonSchema & { oneOf?: JsonSchema[]; anyOf?: JsonSchema[] };

/** One variant's fields but for the one that names the method. */
function fieldsOf(schema: JsonSchema, secretFields: readonly string[]) {
  const { method: _method, ...properties } = schema.properties ?? {};
  const marked = Object.entries(properties).map(([name, field]) => [name, secretFields.includes(name) ? { ...field, writeOnly: true } : field]);
  return configFields({ ...schema, properties: Object.fromEntries(marked), required: (schema.required ?? []).filter((name) => name !== "method") });
}

/** Every kind with its methods and their fields. */
export const storeKinds = (): StoreKind[] =>
  SECRET_STORES.map((kind) => {
    const schema = z.toJSONSchema(kind.config, { io: "input" }) as Schema;
    const variants = schema.oneOf ?? schema.anyOf ?? [schema];
    return {
      type: kind.type,
      title: storeTitle(kind.type),
      unproven: kind.isTriedForReal ? null : UNPROVEN,
      methods: variants.map((variant) => {
        const method = String(variant.properties?.method?.const ?? "");
        return { method, title: METHODS[method] ?? method, fields: fieldsOf(variant, kind.secretFields) };
      }),
    };
  });

export type Settings = { plain: Record<string, unknown>; secret: Record<string, string> };

/** Checks settings and splits them. Error: invalid_input by field, never with what was sent. */
export function splitSettings(type: string, settings: Record<string, unknown>): Settings {
  const kind = secretStoreOf(type);
  if (!kind) throw new AppError("invalid_input", "There is no such kind of secret store.", { fields: { type: "Choose a kind." } });
  const parsed = kind.config.safeParse(settings);
  if (!parsed.success) {
    const fields = Object.fromEntries(
      parsed.error.issues.map((issue) => [issue.path.join(".") || "settings", "This is missing, or not of the form that it needs."]),
    );
    throw new AppError("invalid_input", `The settings of the store are not valid: ${Object.keys(fields).join(", ")}.`, { fields });
  }
  const isSecret = (name: string) => kind.secretFields.includes(name);
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined && value !== "");
  return {
    plain: Object.fromEntries(entries.filter(([name]) => !isSecret(name))),
    secret: Object.fromEntries(entries.filter(([name]) => isSecret(name)).map(([name, value]) => [name, String(value)])),
  };
}
