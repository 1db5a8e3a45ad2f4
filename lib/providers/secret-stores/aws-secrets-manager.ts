import { AwsV4Signer } from "aws4fetch";
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

// AWS Secrets Manager: JSON 1.1 over SigV4. A deleted secret blocks its name for 7 to 30 days, which does no harm: no name is used twice.

const config = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .describe("The region, such as eu-central-1."),
  accessKeyId: z.string().min(1).describe("The access key of a user that may create, read, delete and restore secrets under the prefix."),
  secretAccessKey: z.string().min(1).describe("Its secret access key."),
  sessionToken: z.string().min(1).optional().describe("The session token of temporary keys."),
  prefix: z
    .string()
    .regex(/^[\w/+=.@-]{1,100}$/)
    .default("reeve/")
    .describe("What the names of Reeve’s secrets begin with."),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("A private endpoint instead of the service’s own address."),
});
type Config = z.output<typeof config>;
type Action = "CreateSecret" | "GetSecretValue" | "DeleteSecret" | "RestoreSecret";

async function ask(config: Config, call: Call, action: Action, place: Place, body: object): Promise<Answer> {
  const domain = config.region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  const name = `${config.prefix}${nameOf(place)}`;
  const text = JSON.stringify({ ...(action === "CreateSecret" ? { Name: name } : { SecretId: name }), ...body });
  const signed = await new AwsV4Signer({
    method: "POST",
    url: `${(config.endpoint ?? `https://secretsmanager.${config.region}.${domain}`).replace(/\/+$/, "")}/`,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `secretsmanager.${action}` },
    body: text,
    accessKeyId: config.accessKeyId,
    secretAccessKey: config.secretAccessKey,
    sessionToken: config.sessionToken,
    service: "secretsmanager",
    region: config.region,
    datetime: call
      .now()
      .toISOString()
      .replace(/[-:]|\.\d{3}/g, ""),
  }).sign();
  const headers = Object.fromEntries([...signed.headers].filter(([header]) => header !== "host"));
  return call.send(signed.url.href, { method: "POST", headers, body: text });
}

/** The exception's name, however it is written (`com.amazonaws…#Name:http`). */
const codeOf = (answer: Answer): string | null => textAt(jsonOf(answer), "__type")?.split("#").at(-1)?.split(":")[0] ?? null;

function accepted(answer: Answer): Answer {
  if (answer.status >= 200 && answer.status < 300) return requireOwn(answer, { who: "AWS Secrets Manager", isWrite: true }); // all are told of
  const code = codeOf(answer);
  if (code === "ResourceNotFoundException") throw new StoreError("not-found", "AWS Secrets Manager has no such secret.", code);
  if (code === "InvalidRequestException")
    throw new StoreError("deleted", "This version is marked for deletion in AWS Secrets Manager; it can be restored there.", code);
  if (answer.status >= 500 || code === "ThrottlingException")
    throw new StoreError("unreachable", `AWS Secrets Manager could not answer (status ${answer.status}).`, code);
  throw new StoreError("refused", `AWS Secrets Manager refused the call (status ${answer.status}).`, code);
}

async function read(config: Config, place: Place, call: Call): Promise<Values> {
  const text = textAt(jsonOf(accepted(await ask(config, call, "GetSecretValue", place, {}))), "SecretString");
  return valuesOf(text === null ? null : jsonOf({ body: Buffer.from(text) }));
}

const store: Omit<SecretStore<Config>, "check"> = {
  type: "aws-secrets-manager",
  title: "AWS Secrets Manager",
  config,
  secretFields: ["secretAccessKey", "sessionToken"],
  isTriedForReal: false,
  read,
  write: async (config, place, values, call) => {
    // A token of 32 to 64 characters makes a retry the same call (ClientRequestToken).
    const token = nameOf(place).slice(0, 64).padEnd(32, "0");
    const answer = await ask(config, call, "CreateSecret", place, { SecretString: JSON.stringify(values), ClientRequestToken: token });
    if (codeOf(answer) === "ResourceExistsException") return requireSame(await read(config, place, call), values);
    accepted(answer);
  },
  remove: async (config, place, call) => void accepted(await ask(config, call, "DeleteSecret", place, { RecoveryWindowInDays: 30 })),
  restore: async (config, place, call) => void accepted(await ask(config, call, "RestoreSecret", place, {})),
  destroy: async (config, place, call) => {
    const answer = await ask(config, call, "DeleteSecret", place, { ForceDeleteWithoutRecovery: true });
    if (codeOf(answer) !== "ResourceNotFoundException") accepted(answer);
  },
};

export const AWS_SECRETS_MANAGER: SecretStore<Config> = { ...store, check: (config, probe, call) => tryAll(store, config, probe, call) };
