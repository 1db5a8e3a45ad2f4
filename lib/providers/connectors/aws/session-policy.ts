import { type Connection, ProviderError, type Target } from "../contract";
import { domainOf, textOf } from "./sign";

// What narrows a session to the resource that was asked for. Policies of a session can only take away from what the role or user may.

/** What an artifact store does with its bucket. */
const BUCKET_ACTIONS = ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads", "s3:GetBucketLocation", "s3:GetBucketVersioning"];
const OBJECT_ACTIONS = [
  "s3:GetObject",
  "s3:GetObjectVersion",
  "s3:GetObjectTagging",
  "s3:PutObject",
  "s3:PutObjectTagging",
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:AbortMultipartUpload",
  "s3:ListMultipartUploadParts",
];
const MOST_CHARACTERS = 2_048;

export interface SessionPolicy {
  policy: string | null;
  arns: readonly string[];
  /** True when the session reaches the resource alone. */
  isNarrowed: boolean;
}

/**
 * The connection's own policies; for a bucket with what keeps the session to it. Policies of one session add up, so that where the connection
 * has some of its own the bucket is kept by denying all others. Error: ProviderError "misconfigured".
 */
export function sessionPolicy({ values }: Connection, { resourceType, resourceId }: Target): SessionPolicy {
  const own = textOf(values.policy);
  const arns = listOf(values.policy_arns);
  if (resourceType !== "s3-bucket" || !resourceId) return { policy: own, arns, isNarrowed: false };
  const region = textOf(values.region) ?? "";
  const bucket = `arn:${domainOf(region).endsWith(".cn") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws"}:s3:::${resourceId.slice("s3://".length)}`;
  const statements =
    own || arns.length > 0
      ? [...(own ? statementsOf(own) : []), { Effect: "Deny", Action: "*", NotResource: [bucket, `${bucket}/*`] }]
      : [
          { Effect: "Allow", Action: BUCKET_ACTIONS, Resource: bucket },
          { Effect: "Allow", Action: OBJECT_ACTIONS, Resource: `${bucket}/*` },
        ];
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  if (policy.length > MOST_CHARACTERS)
    throw new ProviderError("misconfigured", "The policy is too long: with what keeps it to the bucket AWS takes 2,048 characters.");
  return { policy, arns, isNarrowed: true };
}

function statementsOf(policy: string): unknown[] {
  try {
    const { Statement } = JSON.parse(policy) as { Statement?: unknown };
    return [Statement].flat().filter((statement) => typeof statement === "object" && statement !== null);
  } catch {
    throw new ProviderError("misconfigured", "The policy is no JSON.");
  }
}

const listOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : typeof value === "string" ? value.split(",") : []).flatMap((item) =>
    typeof item === "string" && item.trim() ? [item.trim()] : [],
  );
