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

// Azure Key Vault over REST, with a client secret of an application. Not run against the real service: written from its documentation.

const VERSION = "api-version=7.4";

const config = z.strictObject({
  vault: z.url({ protocol: /^https?$/ }).describe("The vault’s address, such as https://name.vault.azure.net. Not run against the real service."),
  tenant: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .describe("The directory (tenant) id."),
  clientId: z.string().min(1).describe("The application (client) id; it needs Get, Set, Delete, Recover and Purge on secrets."),
  clientSecret: z.string().min(1).describe("A client secret of the application."),
  authority: z
    .url({ protocol: /^https?$/ })
    .default("https://login.microsoftonline.com")
    .describe("Where tokens are given; another one in national clouds."),
  scope: z.string().default("https://vault.azure.net/.default").describe("What the token is for; another one in national clouds."),
});
type Config = z.output<typeof config>;

async function tokenOf({ authority, tenant, clientId, clientSecret, scope }: Config, call: Call): Promise<string> {
  const answer = await call.send(`${authority.replace(/\/+$/, "")}/${tenant}/oauth2/v2.0/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret, scope }).toString(),
  });
  const token = textAt(jsonOf(answer), "access_token");
  if (answer.status === 200 && token) return token;
  if (answer.status >= 500) throw new StoreError("unreachable", `Entra could not answer (status ${answer.status}).`);
  throw new StoreError("refused", "Entra refused the application’s client secret.", textAt(jsonOf(answer), "error_description")?.split(":")[0] ?? null);
}

async function ask(config: Config, call: Call, method: string, path: string, body?: object): Promise<Answer> {
  return call.send(`${config.vault.replace(/\/+$/, "")}/${path}?${VERSION}`, {
    method,
    headers: { authorization: `Bearer ${await tokenOf(config, call)}`, ...(body ? { "content-type": "application/json" } : {}) },
    body: body && JSON.stringify(body),
  });
}

function accepted(answer: Answer, { isWrite = false } = {}): Answer {
  if (answer.status >= 200 && answer.status < 300) return requireOwn(answer, { who: "Azure Key Vault", isWrite });
  const code = textAt(jsonOf(answer), "error", "code");
  if (answer.status === 404) throw new StoreError("not-found", "Azure Key Vault has no such secret.", code);
  if (answer.status >= 500 || answer.status === 429) throw new StoreError("unreachable", `Azure Key Vault could not answer (status ${answer.status}).`, code);
  throw new StoreError("refused", `Azure Key Vault refused the call (status ${answer.status}).`, code);
}

async function read(config: Config, place: Place, call: Call): Promise<Values> {
  const answer = await ask(config, call, "GET", `secrets/${nameOf(place)}`);
  if (answer.status === 404 && (await ask(config, call, "GET", `deletedsecrets/${nameOf(place)}`)).status === 200)
    throw new StoreError("deleted", "This version was deleted in Azure Key Vault; it can be recovered there.");
  const text = textAt(jsonOf(accepted(answer)), "value");
  return valuesOf(text === null ? null : jsonOf({ body: Buffer.from(text) }));
}

const store: Omit<SecretStore<Config>, "check"> = {
  type: "azure-key-vault",
  title: "Azure Key Vault",
  config,
  secretFields: ["clientSecret"],
  isTriedForReal: false,
  read,
  write: async (config, place, values, call) => {
    // PUT would write a further version over it: what is there is looked at first.
    const there = await ask(config, call, "GET", `secrets/${nameOf(place)}`);
    if (there.status === 200) return requireSame(await read(config, place, call), values);
    if (there.status !== 404) accepted(there);
    accepted(await ask(config, call, "PUT", `secrets/${nameOf(place)}`, { value: JSON.stringify(values), contentType: "application/json" }), { isWrite: true });
  },
  remove: async (config, place, call) => void accepted(await ask(config, call, "DELETE", `secrets/${nameOf(place)}`)),
  restore: async (config, place, call) => void accepted(await ask(config, call, "POST", `deletedsecrets/${nameOf(place)}/recover`)),
  destroy: async (config, place, call) => {
    for (const path of [`secrets/${nameOf(place)}`, `deletedsecrets/${nameOf(place)}`]) {
      const answer = await ask(config, call, "DELETE", path);
      if (answer.status !== 404) accepted(answer);
    }
  },
};

export const AZURE_KEY_VAULT: SecretStore<Config> = { ...store, check: (config, probe, call) => tryAll(store, config, probe, call) };
