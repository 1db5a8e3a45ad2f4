import { z } from "zod";
import {
  type Answer,
  at,
  type Call,
  jsonOf,
  nameOf,
  type Place,
  requireOwn,
  requireSame,
  type SecretStore,
  StoreError,
  textAt,
  tryAll,
  type Values,
  valuesOf,
} from "./contract";

// OpenBao and HashiCorp Vault: the KV engine in its second version, over the HTTP API that both speak.

/** A path of the store's: down from where it begins, since URLs take two dots for a way up. */
const path = () =>
  z
    .string()
    .regex(/^[\w./-]+$/)
    .refine((text) => !text.split("/").some((part) => part === "." || part === ".."), "is no path down");

const base = {
  address: z.url({ protocol: /^https?$/ }).describe("Where the store answers, such as https://bao.example.com:8200."),
  mount: path().default("secret").describe("Where the KV engine (version 2) is mounted."),
  folder: path()
    .default("reeve")
    .describe("The folder in it that is Reeve’s. Policies name <mount>/data/<folder>/*, …/metadata/…, …/delete/… and …/undelete/…."),
  namespace: path().optional().describe("The namespace, where there are some."),
  ca: z.string().startsWith("-----BEGIN CERTIFICATE").optional().meta({
    title: "CA certificates",
    description: "Certificates in PEM that are trusted instead of the usual ones.",
    contentMediaType: "application/x-pem-file",
  }),
};
const authMount = (standard: string) => path().default(standard).describe("Where the auth method is mounted.");
const jwt = z.string().min(1).describe("The token that is exchanged for one of the store.");
const role = z.string().min(1).describe("The role that the method knows.");

const config = z.discriminatedUnion("method", [
  z.strictObject({ method: z.literal("token"), ...base, token: z.string().min(1).describe("A token; it has to be renewed there.") }),
  z.strictObject({ method: z.literal("approle"), ...base, authMount: authMount("approle"), roleId: z.string().min(1), secretId: z.string().min(1) }),
  z.strictObject({ method: z.literal("jwt"), ...base, authMount: authMount("jwt"), role, jwt }),
  z.strictObject({ method: z.literal("kubernetes"), ...base, authMount: authMount("kubernetes"), role, jwt }),
]);
type Config = z.output<typeof config>;

type Session = { token: string; untilMs: number };
/** Per configuration object: a login is not made for every value. */
const sessions = new WeakMap<Config, Session>();
/** A token is not used in its last seconds: an answer may take that long. */
const SPARE_MS = 15_000;

async function tokenOf(config: Config, call: Call): Promise<string> {
  if (config.method === "token") return config.token;
  const known = sessions.get(config);
  if (known && known.untilMs > call.now().getTime()) return known.token;
  const body = config.method === "approle" ? { role_id: config.roleId, secret_id: config.secretId } : { role: config.role, jwt: config.jwt };
  const answer = accepted(await send(config, call, `auth/${config.authMount}/login`, "POST", body, null), "The login");
  const token = textAt(jsonOf(answer), "auth", "client_token");
  if (!token) throw new StoreError("unreadable-answer", "The store accepted the login and gave no token.");
  const seconds = Number(at(jsonOf(answer), "auth", "lease_duration") ?? 0);
  sessions.set(config, { token, untilMs: call.now().getTime() + seconds * 1000 - SPARE_MS });
  return token;
}

function send({ address, namespace, ca }: Config, call: Call, path: string, method: string, body: unknown, token: string | null): Promise<Answer> {
  return call.send(`${address.replace(/\/+$/, "")}/v1/${path}`, {
    method,
    ca,
    headers: {
      ...(token ? { "x-vault-token": token } : {}),
      ...(namespace ? { "x-vault-namespace": namespace } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

/** Error: StoreError for what is no success. */
function accepted(answer: Answer, what: string, { isWrite = false } = {}): Answer {
  if (answer.status >= 200 && answer.status < 300) return requireOwn(answer, { who: "OpenBao or Vault", isWrite });
  if (answer.status === 503) throw new StoreError("sealed", "The store is sealed: its own keeper has to unseal it.");
  if (answer.status >= 500 || answer.status === 429) throw new StoreError("unreachable", `The store could not answer (status ${answer.status}).`);
  if (answer.status === 404) throw new StoreError("not-found", `${what}: the store has nothing at this place, or no such mount.`);
  throw new StoreError("refused", `${what} was refused by the store (status ${answer.status}).`);
}

async function ask(config: Config, call: Call, kind: string, place: Place, method: string, body?: unknown): Promise<Answer> {
  return send(config, call, `${config.mount}/${kind}/${config.folder}/${nameOf(place)}`, method, body, await tokenOf(config, call));
}

async function read(config: Config, place: Place, call: Call): Promise<Values> {
  const answer = await ask(config, call, "data", place, "GET");
  const found = jsonOf(answer);
  // A deleted version answers 404 with its metadata; what was never there answers without.
  if (answer.status === 404 && textAt(found, "data", "metadata", "deletion_time"))
    throw at(found, "data", "metadata", "destroyed") === true
      ? new StoreError("not-found", "This version was destroyed in the store.")
      : new StoreError("deleted", "This version was deleted in the store; it can be brought back there.");
  return valuesOf(at(jsonOf(accepted(answer, "Reading")), "data", "data"));
}

async function write(config: Config, place: Place, values: Values, call: Call): Promise<void> {
  // `cas: 0` writes only where nothing is.
  const answer = await ask(config, call, "data", place, "POST", { options: { cas: 0 }, data: values });
  if (answer.status !== 400) return void accepted(answer, "Writing", { isWrite: true });
  requireSame(await read(config, place, call), values);
}

async function change(config: Config, place: Place, call: Call, kind: "delete" | "undelete"): Promise<void> {
  const doing = kind === "delete" ? "Deleting" : "Bringing back";
  const facts = jsonOf(accepted(await ask(config, call, "metadata", place, "GET"), doing));
  // Written once by us; whoever wrote over it there has made a later one, which is what a read gives.
  const current = Number(at(facts, "data", "current_version") ?? 1);
  const versions = Array.from({ length: current }, (_, before) => before + 1);
  accepted(await ask(config, call, kind, place, "POST", { versions }), doing);
}

const store: Omit<SecretStore<Config>, "check"> = {
  type: "vault",
  title: "OpenBao or HashiCorp Vault",
  config,
  secretFields: ["token", "secretId", "jwt"],
  isTriedForReal: true,
  write,
  read,
  remove: (config, place, call) => change(config, place, call, "delete"),
  restore: (config, place, call) => change(config, place, call, "undelete"),
  destroy: async (config, place, call) => {
    const answer = await ask(config, call, "metadata", place, "DELETE");
    if (answer.status !== 404) accepted(answer, "Destroying");
  },
};

export const VAULT: SecretStore<Config> = {
  ...store,
  check: async (config, probe, call) => {
    const health = await send(config, call, "sys/health?standbyok=true&perfstandbyok=true", "GET", undefined, null);
    if (health.status === 501) throw new StoreError("sealed", "The store was never initialised.");
    if (health.status === 503) throw new StoreError("sealed", "The store is sealed: its own keeper has to unseal it.");
    await tryAll(store, config, probe, call);
  },
};
