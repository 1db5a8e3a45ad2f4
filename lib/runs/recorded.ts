import "server-only";
import { hideSecrets } from "@/lib/audit/redact";
import type { Parameter, RunEnvironment, RunException } from "./schema";

// What clients recorded, as plain data for pages. Nothing here trusts the shape of what was sent: what does not fit is "not recorded".

/** The failure as the client described it; null for anything else. */
export function toException(value: unknown): RunException | null {
  const record = asRecord(value);
  if (!record || typeof record.traceback !== "string") return null;
  return {
    traceback: record.traceback,
    message: typeof record.message === "string" ? record.message : null,
    type: typeof record.source === "string" ? record.source : null,
    userCodeLine: typeof record.user_code_line === "number" ? record.user_code_line : null,
  };
}

/** The client's machine: `body` is its environment, `packages` a list that was sent apart. Both are JSON texts. */
export function toEnvironment(body: string | null, packages: string | null, clientVersion: string | null): RunEnvironment {
  const record = parseRecord(body) ?? {};
  const text = (key: string) => (typeof record[key] === "string" && record[key] ? (record[key] as string) : null);
  const system = [text("os"), text("linux_distro"), text("linux_distro_version"), text("mac_version"), text("windows_version_release")]
    .filter(Boolean)
    .join(" ");
  return {
    pythonVersion: text("python_version"),
    clientVersion: clientVersion ?? text("zenml_version"),
    operatingSystem: system || null,
    kind: text("environment"),
    packages: parsePackages(packages === null ? record.python_packages : parsed(packages)),
  };
}

/** The client's package list: `name==version`, as a list or as lines. Null when it sent none. */
export function parsePackages(value: unknown): RunEnvironment["packages"] {
  const lines = Array.isArray(value) ? value : typeof value === "string" ? value.replace(/^\[|\]$/g, "").split(/[\n,]/) : [];
  const packages = lines.flatMap((line) => {
    const [name, version] = String(line)
      .trim()
      .replace(/^['"]|['"]$/g, "")
      .split(/==|@ /);
    return name && version && /^[A-Za-z0-9][\w.-]*\s*$/.test(name) ? [{ name: name.trim(), version: version.trim() }] : [];
  });
  return packages.length > 0 ? packages.sort((a, b) => a.name.toLowerCase().localeCompare(b.name.toLowerCase())) : null;
}

/** An object of parameters as names and values in words. */
export function toParameters(value: unknown): Parameter[] {
  return Object.entries(asRecord(value) ?? {}).map(([name, item]) => ({ name, value: plainValue(JSON.stringify(item) ?? "null") }));
}

/** JSON text as a person reads it: a string without its quotes, the rest as it is. */
export function plainValue(json: string): string {
  if (!json.startsWith('"')) return json;
  try {
    return String(JSON.parse(json));
  } catch {
    return json;
  }
}

/** `{ module, attribute }` as "module.attribute". */
export function sourceText(value: unknown): string | null {
  const record = asRecord(value);
  if (!record || typeof record.module !== "string") return null;
  return typeof record.attribute === "string" && record.attribute ? `${record.module}.${record.attribute}` : record.module;
}

/** A plain object; undefined for anything else. */
export function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

/** The plain object that a JSON text holds; undefined when it holds none. */
export function parseRecord(text: string | null): Record<string, unknown> | undefined {
  return text ? asRecord(parsed(text)) : undefined;
}

/** The JSON value of a text; undefined when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A copy in which every `environment` object has its names only, and what looks like a secret is hidden. */
export function withoutValues(value: unknown): unknown {
  const strip = (item: unknown): unknown => {
    if (Array.isArray(item)) return item.map(strip);
    const record = asRecord(item);
    if (!record) return item;
    return Object.fromEntries(
      Object.entries(record).map(([key, inner]) => {
        const named = /environment$/i.test(key) ? asRecord(inner) : undefined;
        return [key, named ? Object.fromEntries(Object.keys(named).map((name) => [name, "[value not shown]"])) : strip(inner)];
      }),
    );
  };
  return hideSecrets(strip(value));
}
