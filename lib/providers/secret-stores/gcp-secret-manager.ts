import { importPKCS8, SignJWT } from "jose";
import { z } from "zod";
import {
  type Answer,
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
import { crc32c } from "./crc32c";

// Google Secret Manager over REST, with the key of a service account. Not run against the real service: written from its discovery document.

const keySchema = z.object({ client_email: z.string(), private_key: z.string(), token_uri: z.url({ protocol: /^https?$/ }) });

const config = z.strictObject({
  project: z
    .string()
    .regex(/^[a-z0-9:.-]{1,100}$/)
    .describe("The project’s id. Not run against the real service."),
  key: z
    .string()
    .refine((text) => keySchema.safeParse(jsonOf({ body: Buffer.from(text) })).success, "is not the JSON key of a service account")
    .describe("The JSON key of a service account with the role Secret Manager Admin."),
  prefix: z
    .string()
    .regex(/^[\w-]{1,60}$/)
    .default("reeve-")
    .describe("What the names of Reeve’s secrets begin with."),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .default("https://secretmanager.googleapis.com")
    .describe("Where the service answers."),
});
type Config = z.output<typeof config>;

async function tokenOf(config: Config, call: Call): Promise<string> {
  const key = keySchema.parse(JSON.parse(config.key));
  const now = Math.floor(call.now().getTime() / 1000);
  let assertion: string;
  try {
    assertion = await new SignJWT({ scope: "https://www.googleapis.com/auth/cloud-platform" })
      .setProtectedHeader({ alg: "RS256", typ: "JWT" })
      .setIssuer(key.client_email)
      .setAudience(key.token_uri)
      .setIssuedAt(now)
      .setExpirationTime(now + 600)
      .sign(await importPKCS8(key.private_key, "RS256"));
  } catch {
    throw new StoreError("misconfigured", "The private key of the service account can’t be read.");
  }
  const answer = await call.send(key.token_uri, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion }).toString(),
  });
  const token = textAt(jsonOf(answer), "access_token");
  if (answer.status === 200 && token) return token;
  if (answer.status >= 500) throw new StoreError("unreachable", `Google’s token service could not answer (status ${answer.status}).`);
  throw new StoreError("refused", "Google refused the service account’s key.", textAt(jsonOf(answer), "error"));
}

async function ask(config: Config, call: Call, method: string, path: string, body?: object): Promise<Answer> {
  return call.send(`${config.endpoint.replace(/\/+$/, "")}/v1/projects/${config.project}/${path}`, {
    method,
    headers: { authorization: `Bearer ${await tokenOf(config, call)}`, ...(body ? { "content-type": "application/json" } : {}) },
    body: body && JSON.stringify(body),
  });
}

function accepted(answer: Answer, { isWrite = false } = {}): Answer {
  if (answer.status >= 200 && answer.status < 300) return requireOwn(answer, { who: "Google Secret Manager", isWrite });
  const code = textAt(jsonOf(answer), "error", "status");
  if (answer.status === 404) throw new StoreError("not-found", "Google Secret Manager has no such secret.", code);
  if (code === "FAILED_PRECONDITION") throw new StoreError("deleted", "This version is disabled in Google Secret Manager; it can be enabled there.", code);
  if (answer.status >= 500 || answer.status === 429)
    throw new StoreError("unreachable", `Google Secret Manager could not answer (status ${answer.status}).`, code);
  throw new StoreError("refused", `Google Secret Manager refused the call (status ${answer.status}).`, code);
}

const pathOf = (config: Config, place: Place) => `secrets/${config.prefix}${nameOf(place)}`;

async function read(config: Config, place: Place, call: Call): Promise<Values> {
  const found = jsonOf(accepted(await ask(config, call, "GET", `${pathOf(config, place)}/versions/1:access`)));
  const bytes = Buffer.from(textAt(found, "payload", "data") ?? "", "base64");
  const said = textAt(found, "payload", "dataCrc32c");
  if (said !== null && said !== String(crc32c(bytes))) throw new StoreError("unreadable-answer", "The value was damaged on its way: its checksum differs.");
  return valuesOf(jsonOf({ body: bytes }));
}

const store: Omit<SecretStore<Config>, "check"> = {
  type: "gcp-secret-manager",
  title: "Google Secret Manager",
  config,
  secretFields: ["key"],
  isTriedForReal: false,
  read,
  write: async (config, place, values, call) => {
    const made = await ask(config, call, "POST", `secrets?secretId=${config.prefix}${nameOf(place)}`, { replication: { automatic: {} } });
    // Made before and left without a version: a retry goes on there.
    if (made.status !== 409) accepted(made);
    else {
      const there = await read(config, place, call).catch((error: unknown) => {
        if (error instanceof StoreError && error.reason === "not-found") return null;
        throw error;
      });
      if (there) return requireSame(there, values);
    }
    const bytes = Buffer.from(JSON.stringify(values));
    const payload = { data: bytes.toString("base64"), dataCrc32c: String(crc32c(bytes)) };
    accepted(await ask(config, call, "POST", `${pathOf(config, place)}:addVersion`, { payload }), { isWrite: true });
  },
  remove: async (config, place, call) => void accepted(await ask(config, call, "POST", `${pathOf(config, place)}/versions/1:disable`, {})),
  restore: async (config, place, call) => void accepted(await ask(config, call, "POST", `${pathOf(config, place)}/versions/1:enable`, {})),
  destroy: async (config, place, call) => {
    const answer = await ask(config, call, "DELETE", pathOf(config, place));
    if (answer.status !== 404) accepted(answer);
  },
};

export const GCP_SECRET_MANAGER: SecretStore<Config> = { ...store, check: (config, probe, call) => tryAll(store, config, probe, call) };
