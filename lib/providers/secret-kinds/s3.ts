import { AwsV4Signer } from "aws4fetch";
import { z } from "zod";
import {
  type Answer,
  address,
  certificate,
  type KindCall,
  many,
  NotWorked,
  requireAccepted,
  type SecretKind,
  token,
  type Values,
  withoutSlash,
} from "./contract";

// Keys for S3 or a store that speaks like it, tried by one signed list: of a bucket's first name, or of the buckets.

export const S3: SecretKind = {
  kind: "s3",
  title: "S3",
  group: "Data sources",
  about: "An access key for S3, or for a store that speaks like it. For short-lived keys register a connector instead.",
  docs: { label: "Access keys of AWS", url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html" },
  fields: z.object({
    aws_access_key_id: token("Access key ID", "Such as AKIA… of a user, or ASIA… with a session token."),
    aws_secret_access_key: token("Secret access key", "Shown once, when the key is made."),
    region: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, "A region is written like eu-central-1.")
      .meta({ title: "Region", description: "Such as eu-central-1." }),
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "Enter the bucket’s name alone.")
      .meta({ title: "Bucket", description: "When it is named, the test lists this bucket; else the buckets of the account." })
      .optional(),
    aws_session_token: token("Session token", "Of temporary keys.").optional(),
    endpoint_url: address("Endpoint", "For a store that speaks like S3. Left empty: the region’s own.").optional(),
    ca: certificate,
  }),
  address: ["endpoint_url", "ca"],
  test,
  note: "Its test was run against moto, which speaks like S3, and not against AWS.",
};

async function test(values: Values, call: KindCall): Promise<string> {
  const { region = "", bucket, endpoint_url: endpoint, ca } = values;
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  const origin = endpoint ? withoutSlash(endpoint) : `https://s3.${region}.${domain}`;
  const signer = new AwsV4Signer({
    method: "GET",
    url: bucket ? `${origin}/${bucket}?list-type=2&max-keys=1` : `${origin}/`,
    accessKeyId: values.aws_access_key_id ?? "",
    secretAccessKey: values.aws_secret_access_key ?? "",
    sessionToken: values.aws_session_token,
    service: "s3",
    region,
    datetime: call
      .now()
      .toISOString()
      .replace(/[-:]|\.\d{3}/g, ""),
  });
  const signed = await signer.sign();
  const headers = Object.fromEntries([...signed.headers].filter(([name]) => name !== "host"));
  const answer = await call.read(signed.url.href, { headers, ca });
  requireListed(answer);
  const text = answer.body.toString("utf8");
  if (bucket && /<ListBucketResult/.test(text)) return "S3 accepted the keys and lists the bucket.";
  if (!bucket && /<ListAllMyBucketsResult/.test(text)) return `S3 accepted the keys and lists ${many((text.match(/<Bucket>/g) ?? []).length, "bucket")}.`;
  throw new NotWorked("unreachable", "what answers at this address is not S3.");
}

/** Error: NotWorked, with S3's own code where it is one of those that say which key is wrong. */
function requireListed(answer: Answer): void {
  const code = /<Code>([A-Za-z]{1,60})<\/Code>/.exec(answer.body.toString("utf8"))?.[1];
  if (code === "InvalidAccessKeyId") throw new NotWorked("refused", "S3 doesn’t know the access key (InvalidAccessKeyId).");
  if (code === "SignatureDoesNotMatch") throw new NotWorked("refused", "the secret access key isn’t that of this access key (SignatureDoesNotMatch).");
  if (code === "ExpiredToken" || code === "InvalidToken") throw new NotWorked("refused", `the session token has ended or isn’t one (${code}).`);
  if (code === "NoSuchBucket") throw new NotWorked("refused", "S3 has no such bucket (NoSuchBucket).");
  if (code === "PermanentRedirect" || code === "AuthorizationHeaderMalformed") throw new NotWorked("refused", `the bucket is in another region (${code}).`);
  if (code === "AccessDenied") throw new NotWorked("refused", "S3 knows the keys, and they may not list this (AccessDenied).");
  requireAccepted(answer.status, "S3");
}
