import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { CONNECTOR_TYPES, isSecretField, NOT_RUN_AGAINST_THE_REAL } from "./catalogue";
import { providerOf } from "./registry";

const words = (text: unknown) => String(text ?? "").split(/\s+/).length;

describe.each(CONNECTOR_TYPES)("the type $connector_type", (type) => {
  it("has a provider, and methods for each of its resources", () => {
    expect(providerOf(type.connector_type)?.type).toBe(type.connector_type);
    const methods = type.auth_methods.map((method) => method.auth_method);
    for (const resource of type.resource_types) {
      expect(resource.auth_methods.length).toBeGreaterThan(0);
      expect(methods).toEqual(expect.arrayContaining([...resource.auth_methods]));
    }
  });

  it("says what each of its parts is, and of each method what it reaches and risks", () => {
    for (const part of [type, ...type.resource_types]) expect(words(part.description), part.name).toBeGreaterThan(4);
    for (const { auth_method, description, config_schema } of type.auth_methods) {
      expect(description, auth_method).toMatch(/^Reaches .*Risk: /s);
      for (const [field, schema] of Object.entries(config_schema.properties)) {
        const { title, description: help } = schema as { title?: string; description?: string };
        expect(title, field).toMatch(/^[A-Z]/);
        expect(words(help), field).toBeGreaterThan(3);
      }
      for (const field of config_schema.required ?? []) expect(Object.keys(config_schema.properties)).toContain(field);
    }
  });

  it("marks as secret what is one", () => {
    const secret = /password|secret|token$|_key$|_json$|passphrase/;
    const open = new Set(["aws_access_key_id", "generate_temporary_tokens", "username", "certificate_authority", "client_certificate"]);
    for (const { config_schema } of type.auth_methods)
      for (const [field, schema] of Object.entries(config_schema.properties))
        if (!open.has(field)) expect(isSecretField(schema), field).toBe(secret.test(field));
  });
});

it("docs/connectors.md names every method, and says of which types it was not run against the real service", () => {
  const text = readFileSync(path.join(import.meta.dirname, "../../../docs/connectors.md"), "utf8");
  for (const { connector_type, auth_methods } of CONNECTOR_TYPES) {
    const rows = text.split("\n").filter((line) => line.startsWith(`| ${connector_type} |`));
    for (const { auth_method } of auth_methods) expect(rows.join("\n"), connector_type).toMatch(new RegExp(`\`${auth_method}\``));
    const isUnproven = rows.some((row) => /\*\*not run against (the real service|AWS itself)\*\*/.test(row));
    expect(isUnproven, connector_type).toBe(connector_type in NOT_RUN_AGAINST_THE_REAL);
  }
});
