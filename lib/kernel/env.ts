import "server-only";
/*
 * The one place that reads the environment. A wrong value stops the start with a sentence that names the variable.
 * An empty value counts as not set. Values never appear in messages where they could be secrets.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import ipaddr from "ipaddr.js";
import { z } from "zod";

export interface Env {
  /** PORT */
  port: number;
  /** REEVE_WEB_PROCESSES: how many processes serve pages and clients. */
  webProcesses: number;
  /** REEVE_HOST: the address that the web server listens on. */
  host: string;
  /** REEVE_URL without a slash at the end: links, cookies and the Origin check. */
  url: string;
  /** True when REEVE_URL is https: decides the cookie's name and flags. */
  isSecure: boolean;
  /** REEVE_TRUSTED_PROXIES: addresses and networks whose forwarded headers are believed. */
  trustedProxies: string[];
  /** REEVE_ALLOW_NETWORKS: CIDRs of ranges that are not public and yet may be called. */
  allowNetworks: string[];
  /** REEVE_DATA: absolute. */
  dataDirectory: string;
  /** DATABASE_URL: the owner's. Only the launcher and the command line have it. */
  databaseUrl?: string;
  /** REEVE_APP_DATABASE_URL: the app role's. */
  appDatabaseUrl?: string;
  /** REEVE_SETUP_FILE: absolute. */
  setupFile?: string;
  /** REEVE_MASTER_KEY: 32 bytes. */
  masterKey?: Buffer;
  /** REEVE_OLD_MASTER_KEYS: 32 bytes each; read with, never sealed with. */
  oldMasterKeys: Buffer[];
  /** REEVE_SIGNING_KEY: 32 bytes. */
  signingKey?: Buffer;
  /** REEVE_KMS_URL, with REEVE_KMS_TOKEN_FILE: the outside service that seals master keys. */
  kms?:
    | { kind: "vault-transit"; address: string; mount: string; key: string; tokenFile: string }
    | { kind: "aws-kms"; region: string; key: string; endpoint: string | null };
  /** REEVE_METRICS_TOKEN */
  metricsToken?: string;
  /** REEVE_SMTP_URL and REEVE_MAIL_FROM: undefined when no mail is sent. */
  mail?: { url: URL; from: string };
  /** REEVE_LOCAL_ARTIFACT_ROOTS: a workspace's slug → the absolute folder from which its local artifact stores may be read. */
  localArtifactRoots: ReadonlyMap<string, string>;
  /** REEVE_IMPLICIT_CONNECTORS: connectors may use the identity that this machine has at a cloud. */
  implicitConnectors: boolean;
  /** REEVE_LOG_LEVEL */
  logLevel: "debug" | "info" | "warn" | "error";
  isProduction: boolean;
}

/** The environment has a value that Reeve can't work with. `message` has one sentence per line, each naming its variable. */
export class EnvironmentError extends Error {
  override name = "EnvironmentError";
}

const LOOPBACK_NAMES = new Set(["localhost", "127.0.0.1", "::1", "[::1]"]);

/** True for the names and addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.has(host) || /^127\.\d+\.\d+\.\d+$/.test(host) || host.endsWith(".localhost");
}

function isNetwork(text: string): boolean {
  return text.includes("/") ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text);
}

const postgresUrl = (name: string) =>
  z.string().refine((text) => /^postgres(ql)?:\/\/.+/.test(text) && URL.canParse(text.replace("@/", "@localhost/")), {
    error: `${name} has to be a PostgreSQL URL, such as postgresql://user:password@host:5432/reeve.`,
  });

const key = (name: string) =>
  z
    .string()
    .transform((text) => Buffer.from(text, "base64"))
    .refine((bytes) => bytes.length === 32, {
      error: `${name} has to be 32 random bytes in base64: make one with \`openssl rand -base64 32\`.`,
    });

const schema = z.object({
  PORT: z
    .string()
    .default("3000")
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535, {
      error: "PORT has to be a number from 1 to 65535.",
    })
    .transform(Number),
  REEVE_WEB_PROCESSES: z
    .string()
    .default(String(Math.min(os.availableParallelism(), 4)))
    .refine((text) => /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 32, { error: "REEVE_WEB_PROCESSES has to be a number from 1 to 32." })
    .transform(Number),
  REEVE_HOST: z
    .string()
    .default("127.0.0.1")
    .refine((host) => host === "localhost" || ipaddr.isValid(host), {
      error: "REEVE_HOST has to be an IP address to listen on, such as 127.0.0.1, 0.0.0.0 or ::.",
    }),
  REEVE_URL: z
    .string()
    .optional()
    .refine((text) => text === undefined || isPublicUrl(text), {
      error: "REEVE_URL has to be the address that people type, such as https://reeve.example.com, without a path.",
    }),
  REEVE_INSECURE_HTTP: z.enum(["0", "1"], { error: "REEVE_INSECURE_HTTP has to be 1 (plain http beyond this machine is accepted) or 0." }).default("0"),
  REEVE_TRUSTED_PROXIES: z
    .string()
    .default("")
    .transform((text) => text.split(",").flatMap((part) => part.trim() || []))
    .refine((parts) => parts.every(isNetwork), {
      error: "REEVE_TRUSTED_PROXIES has to be a list of addresses and networks with commas between, such as 10.0.0.0/8,127.0.0.1.",
    }),
  REEVE_ALLOW_NETWORKS: z
    .string()
    .default("")
    .transform((text) => text.split(",").flatMap((part) => part.trim() || []))
    .refine((parts) => parts.every((part) => ipaddr.isValidCIDR(part)), {
      error: "REEVE_ALLOW_NETWORKS has to be a list of networks with commas between, such as 10.0.0.0/8,127.0.0.1/32.",
    }),
  REEVE_DATA: z.string().optional(),
  DATABASE_URL: postgresUrl("DATABASE_URL").optional(),
  REEVE_APP_DATABASE_URL: postgresUrl("REEVE_APP_DATABASE_URL").optional(),
  REEVE_SETUP_FILE: z.string().optional(),
  REEVE_MASTER_KEY: key("REEVE_MASTER_KEY").optional(),
  REEVE_OLD_MASTER_KEYS: z
    .string()
    .default("")
    .transform((text) => text.split(",").flatMap((part) => part.trim() || []))
    .pipe(z.array(key("REEVE_OLD_MASTER_KEYS"))),
  REEVE_SIGNING_KEY: key("REEVE_SIGNING_KEY").optional(),
  REEVE_KMS_URL: z
    .string()
    .refine((text) => kmsOf(text) !== undefined, {
      error: "REEVE_KMS_URL has to be vault+https://host:8200/<transit mount>/<key>, or aws-kms://<region>/<key id, ARN or alias>.",
    })
    .optional(),
  REEVE_KMS_TOKEN_FILE: z.string().optional(),
  REEVE_METRICS_TOKEN: z
    .string()
    .min(16, { error: "REEVE_METRICS_TOKEN has to have at least 16 characters: make one with `openssl rand -hex 24`." })
    .optional(),
  REEVE_SMTP_URL: z
    .string()
    .refine(isSmtpUrl, {
      error: "REEVE_SMTP_URL has to be smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465, without a path.",
    })
    .optional(),
  REEVE_MAIL_FROM: z
    .string()
    .refine((text) => /^([^<>\r\n"]+ <[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/.test(text), {
      error: "REEVE_MAIL_FROM has to be one e-mail address, such as reeve@example.com or Reeve <reeve@example.com>.",
    })
    .optional(),
  REEVE_LOCAL_ARTIFACT_ROOTS: z
    .string()
    .default("")
    .transform((text) => text.split(",").flatMap((part) => (part.trim() ? [part.trim().split(/=(.*)/s).slice(0, 2)] : [])))
    .refine((pairs) => pairs.every(([slug, folder]) => /^[a-z][a-z0-9-]{1,62}$/.test(slug ?? "") && path.isAbsolute(folder ?? "")), {
      error:
        "REEVE_LOCAL_ARTIFACT_ROOTS has to be a list of workspace=folder with commas between and absolute folders, such as fraud-detection=/srv/stores/fraud.",
    })
    .transform((pairs) => pairs.map(([slug = "", folder = ""]) => [slug, path.resolve(/* turbopackIgnore: true */ folder)] as const)),
  REEVE_IMPLICIT_CONNECTORS: z
    .enum(["0", "1"], { error: "REEVE_IMPLICIT_CONNECTORS has to be 1 (connectors may use this machine's own identity at a cloud) or 0." })
    .default("0"),
  REEVE_LOG_LEVEL: z.enum(["debug", "info", "warn", "error"], { error: "REEVE_LOG_LEVEL has to be debug, info, warn or error." }).default("info"),
});

/** Names that the schema doesn't know but that our scripts and tests read. */
const OTHER_NAMES = new Set(["REEVE_DIST_DIR", "REEVE_TEST_CLUSTER", "REEVE_ZENML_VENV", "REEVE_PRELOAD"]);

/** Parses an environment. Throws EnvironmentError with every problem that was found. */
export function parseEnvironment(source: NodeJS.ProcessEnv): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new EnvironmentError([...new Set(parsed.error.issues.map((issue) => issue.message))].join("\n"));
  const values = parsed.data;
  if ((values.REEVE_SMTP_URL === undefined) !== (values.REEVE_MAIL_FROM === undefined))
    throw new EnvironmentError("REEVE_SMTP_URL and REEVE_MAIL_FROM belong together: set both, or neither to send no mail.");
  const kms = values.REEVE_KMS_URL ? kmsOf(values.REEVE_KMS_URL) : undefined;
  if (kms?.kind === "vault-transit" && !values.REEVE_KMS_TOKEN_FILE)
    throw new EnvironmentError("REEVE_KMS_TOKEN_FILE has to name a file with a token for the service of REEVE_KMS_URL.");
  const tokenFile = path.resolve(/* turbopackIgnore: true */ values.REEVE_KMS_TOKEN_FILE ?? "");
  const url = publicUrl(values.REEVE_URL, values.REEVE_HOST, values.PORT, values.REEVE_INSECURE_HTTP === "1");
  const dataDirectory = path.resolve(/* turbopackIgnore: true */ values.REEVE_DATA ?? defaultDataDirectory(source));
  requireDisjointRoots(values.REEVE_LOCAL_ARTIFACT_ROOTS, dataDirectory);
  return {
    port: values.PORT,
    webProcesses: values.REEVE_WEB_PROCESSES,
    host: values.REEVE_HOST,
    url: url.origin,
    isSecure: url.protocol === "https:",
    trustedProxies: values.REEVE_TRUSTED_PROXIES,
    allowNetworks: values.REEVE_ALLOW_NETWORKS,
    dataDirectory,
    databaseUrl: values.DATABASE_URL,
    appDatabaseUrl: values.REEVE_APP_DATABASE_URL,
    setupFile: values.REEVE_SETUP_FILE && path.resolve(/* turbopackIgnore: true */ values.REEVE_SETUP_FILE),
    masterKey: values.REEVE_MASTER_KEY,
    oldMasterKeys: values.REEVE_OLD_MASTER_KEYS,
    signingKey: values.REEVE_SIGNING_KEY,
    kms: kms?.kind === "vault-transit" ? { ...kms, tokenFile } : kms,
    metricsToken: values.REEVE_METRICS_TOKEN,
    mail: values.REEVE_SMTP_URL && values.REEVE_MAIL_FROM ? { url: new URL(values.REEVE_SMTP_URL), from: values.REEVE_MAIL_FROM } : undefined,
    localArtifactRoots: new Map(values.REEVE_LOCAL_ARTIFACT_ROOTS),
    implicitConnectors: values.REEVE_IMPLICIT_CONNECTORS === "1",
    logLevel: values.REEVE_LOG_LEVEL,
    isProduction: source.NODE_ENV !== "development",
  };
}

/** A workspace's files are nobody else's, and never the keys and the database. */
function requireDisjointRoots(named: readonly (readonly [string, string])[], namedData: string): void {
  const roots = named.map(([slug, folder]) => [slug, realPathOf(folder)] as const);
  const dataDirectory = realPathOf(namedData);
  const contains = (outer: string, inner: string) => inner === outer || inner.startsWith(outer.endsWith(path.sep) ? outer : outer + path.sep);
  for (const [index, [slug, folder]] of roots.entries()) {
    if (contains(folder, dataDirectory) || contains(dataDirectory, folder))
      throw new EnvironmentError(`REEVE_LOCAL_ARTIFACT_ROOTS of ${slug} and REEVE_DATA contain one another: keys and database must lie apart from artifacts.`);
    for (const [other, otherFolder] of roots.slice(index + 1))
      if (slug === other || contains(folder, otherFolder) || contains(otherFolder, folder))
        throw new EnvironmentError(`REEVE_LOCAL_ARTIFACT_ROOTS of ${slug} and ${other} overlap: each workspace needs one folder of its own.`);
  }
}

/** The path with its links resolved, as far as it exists: two names of one folder overlap. */
function realPathOf(name: string): string {
  try {
    return fs.realpathSync(/* turbopackIgnore: true */ name);
  } catch {
    const parent = path.dirname(name);
    return parent === name ? name : path.join(/* turbopackIgnore: true */ realPathOf(parent), path.basename(name));
  }
}

/** Variables that look like ours and mean nothing: most likely misspelt. */
export function unknownVariables(source: NodeJS.ProcessEnv): string[] {
  return Object.keys(source).filter((name) => name.startsWith("REEVE_") && !(name in schema.shape) && !OTHER_NAMES.has(name));
}

/** The parts of REEVE_KMS_URL; undefined for what is none. */
function kmsOf(text: string) {
  const transit = /^vault\+(https?:\/\/[^/?#@]+)\/([\w./-]+)\/([\w.-]+)$/.exec(text);
  if (transit && URL.canParse(transit[1] ?? ""))
    return { kind: "vault-transit" as const, address: transit[1] ?? "", mount: transit[2] ?? "", key: transit[3] ?? "" };
  const [, region, key, endpoint] = /^aws-kms:\/\/([a-z0-9-]{1,40})\/([\w:/-]{1,300})(?:\?endpoint=(https?:\/\/[^?#@]+?)\/?)?$/.exec(text) ?? [];
  return region && key ? { kind: "aws-kms" as const, region, key, endpoint: endpoint ?? null } : undefined;
}

function isSmtpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search, hash } = new URL(text);
  return ["smtp:", "smtps:"].includes(protocol) && hostname !== "" && ["", "/"].includes(pathname) && !search && !hash;
}

function isPublicUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return ["http:", "https:"].includes(url.protocol) && url.pathname === "/" && !url.search && !url.hash && !url.username && !url.password;
}

function publicUrl(given: string | undefined, host: string, port: number, isInsecureAccepted: boolean): URL {
  if (given === undefined && !isLoopback(host)) {
    throw new EnvironmentError(`REEVE_HOST is ${host}, so others can reach this server: set REEVE_URL to the address that people type.`);
  }
  const url = new URL(given ?? `http://${host.includes(":") ? `[${host}]` : host}:${port}`);
  const isPlain = url.protocol === "http:" && !(isLoopback(url.hostname) && isLoopback(host));
  if (isPlain && !isInsecureAccepted) {
    throw new EnvironmentError(
      `REEVE_URL is plain http (${url.origin}) and REEVE_HOST is ${host}: passwords and keys would cross the network in the clear. Put a TLS proxy in front and set an https REEVE_URL, or accept it with REEVE_INSECURE_HTTP=1.`,
    );
  }
  return url;
}

/** The user's data directory; root gets a state directory that the database's own user can reach too. */
function defaultDataDirectory(source: NodeJS.ProcessEnv): string {
  if (process.getuid?.() === 0) return "/var/lib/reeve";
  if (source.XDG_DATA_HOME) return path.join(source.XDG_DATA_HOME, "reeve");
  const home = os.homedir();
  return process.platform === "darwin" ? path.join(home, "Library", "Application Support", "reeve") : path.join(home, ".local", "share", "reeve");
}

declare global {
  var reeveEnvironment: Env | undefined;
}

/** The environment of this process, parsed once. Throws EnvironmentError. */
export function environment(): Env {
  globalThis.reeveEnvironment ??= parseEnvironment(process.env);
  return globalThis.reeveEnvironment;
}

/** A variable of a cloud's own tools, for connectors that may use this machine's identity; never one of ours. */
export const hostVariable = (name: string): string | undefined => (name.startsWith("REEVE_") ? undefined : process.env[name]) || undefined;

/** Forgets what was parsed: for tests that change the environment. */
export function forgetEnvironment(): void {
  globalThis.reeveEnvironment = undefined;
}
