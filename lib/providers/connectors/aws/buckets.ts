import { type Call, type Connection, ProviderError } from "../contract";
import { texts } from "./answer";
import { type Keys, originOf, type Service, serviceOf, signedCall } from "./sign";

// Buckets: `s3://name` is the one spelling of each.

/** A bucket's name, of its URI, ARN or name; null when it is none. URIs and ARNs may go on to what lies in it, as paths of artifact stores do. */
export function bucketName(id: string): string | null {
  const name = id
    .trim()
    .replace(/^(?:s3:\/\/|arn:aws[\w-]*:s3:::)([^/]*).*$/s, "$1")
    .replace(/\/+$/, "");
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) ? name : null;
}

/** By path where the address is configured (S3-compatible stores), or where a dot in the name would break the certificate. */
export function bucketUrl(service: Service, name: string): string {
  if (service.endpoint || name.includes(".")) return `${originOf(service)}/${name}`;
  return originOf(service).replace("://", `://${name}.`);
}

export async function listBuckets(keys: Keys, connection: Connection, call: Call): Promise<string[]> {
  const service = serviceOf(connection, "s3");
  const answer = await signedCall(keys, service, call, `${originOf(service)}/`);
  return texts(answer, "Name").flatMap((name) => (bucketName(name) ? [`s3://${name}`] : []));
}

/** Error: ProviderError when the bucket can't be listed by these keys. */
export async function reachBucket(keys: Keys, connection: Connection, id: string, call: Call): Promise<void> {
  const service = serviceOf(connection, "s3");
  const name = bucketName(id);
  if (!name) throw new ProviderError("misconfigured", "This is no name of a bucket.");
  try {
    await signedCall(keys, service, call, `${bucketUrl(service, name)}?list-type=2&max-keys=1`);
  } catch (error) {
    if (error instanceof ProviderError && error.reason === "not-found") throw new ProviderError("not-found", `The bucket ${name} was not found.`, error.code);
    throw error;
  }
}
