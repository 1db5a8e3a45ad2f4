import { AwsV4Signer } from "aws4fetch";
import { type Answer, type Call, type Connection, ProviderError, type Request, type Value } from "../contract";
import { errorCode } from "./answer";

// One signed call to one of Amazon's services, or to what speaks like it.

export interface Keys {
  id: string;
  secret: string;
  session: string | null;
}

export interface Service {
  name: "sts" | "s3" | "eks" | "ecr" | "iam";
  region: string;
  /** Replaces the services' own addresses: an S3-compatible store, a private endpoint. */
  endpoint: string | null;
}

export const textOf = (value: Value | undefined): string | null => (typeof value === "string" && value.trim() !== "" ? value.trim() : null);

/** The service as the connection configures it. */
export function serviceOf({ values }: Connection, name: Service["name"]): Service {
  const region = textOf(values.region);
  if (!region || !/^[a-z0-9-]{1,40}$/.test(region)) throw new ProviderError("misconfigured", "The region is missing or is no name of one.");
  return { name, region: name === "iam" ? globalRegionOf(region) : region, endpoint: textOf(values.endpoint_url) };
}

/** IAM has no regions: one of each partition signs for all. */
const globalRegionOf = (region: string): string => (region.startsWith("cn-") ? "cn-north-1" : region.startsWith("us-gov-") ? "us-gov-west-1" : "us-east-1");

const HOSTS: Record<Service["name"], string> = { sts: "sts", s3: "s3", eks: "eks", ecr: "api.ecr", iam: "iam" };

/** The service's address, without a slash at the end. */
export function originOf({ name, region, endpoint }: Service): string {
  if (endpoint) return endpoint.replace(/\/+$/, "");
  if (name === "iam") return `https://iam.${region === "us-gov-west-1" ? "us-gov." : region === "cn-north-1" ? "cn-north-1." : ""}${domainOf(region)}`;
  return `https://${HOSTS[name]}.${region}.${domainOf(region)}`;
}

/** China's partition has a domain of its own. */
export const domainOf = (region: string): string => (region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com");

/** Time as SigV4 writes it. */
export const amzTime = (at: Date): string => at.toISOString().replace(/[-:]|\.\d{3}/g, "");

/** One action of a service that takes forms (STS, IAM). */
export const actionOf = (version: string, parameters: Record<string, string>): Request => ({
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
  body: new URLSearchParams({ Version: version, ...parameters }).toString(),
});

/** Sends what the service accepts, signed. Error: ProviderError, with the peer's code. */
export const signedCall = async (keys: Keys, service: Service, call: Call, url: string, request: Request = {}): Promise<Answer> =>
  accepted(await signedSend(keys, service, call, url, request), service.name);

/** Sends a signed call, whatever is answered. */
export async function signedSend(keys: Keys, service: Service, call: Call, url: string, request: Request = {}): Promise<Answer> {
  const signer = new AwsV4Signer({
    method: request.method ?? "GET",
    url,
    headers: request.headers,
    body: request.body,
    accessKeyId: keys.id,
    secretAccessKey: keys.secret,
    sessionToken: keys.session ?? undefined,
    service: service.name,
    region: service.region,
    datetime: amzTime(call.now()),
  });
  const signed = await signer.sign();
  const headers = Object.fromEntries([...signed.headers].filter(([name]) => name !== "host"));
  return call.send(signed.url.href, { ...request, headers });
}

const SERVICE_WORDS: Record<Service["name"], string> = { sts: "AWS STS", s3: "S3", eks: "EKS", ecr: "ECR", iam: "AWS IAM" };

/** Error: ProviderError for what is no success. */
export function accepted(answer: Answer, service: Service["name"]): Answer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  const code = errorCode(answer);
  const who = SERVICE_WORDS[service];
  if (answer.status === 404) throw new ProviderError("not-found", `${who} has no such thing.`, code);
  if (answer.status >= 500 || code === "Throttling" || code === "SlowDown")
    throw new ProviderError("unreachable", `${who} could not answer (status ${answer.status}).`, code);
  throw new ProviderError("refused", `${who} refused the call (status ${answer.status}).`, code);
}
