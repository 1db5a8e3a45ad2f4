import { afterAll, beforeAll, expect, it } from "vitest";
import { callOf } from "../../lib/connectors/outgoing-call";
import { AWS } from "../../lib/providers/connectors/aws/provider";
import type { Call, Connection, Value } from "../../lib/providers/connectors/contract";
import { connectorSuite } from "../../lib/providers/connectors/contract.suite";
import { type Moto, startMoto } from "./moto";

// The provider of AWS before moto, which speaks like AWS: shapes of calls and answers. That a session policy holds is asked of MinIO
// (test:peers), as moto does not heed them; nothing here was run against AWS itself.

let moto: Moto;
const KEYS = { aws_access_key_id: "AKIAMAINKEYMAINKEY00", aws_secret_access_key: "main/secret/never/leaves/0123456789abcdef" };
const call = () => callOf(["127.0.0.0/8"]);
const connection = (method: string, values: Record<string, Value> = {}): Connection => ({
  method,
  values: { ...KEYS, region: "us-east-1", endpoint_url: moto.url, ...values },
});
const ROLE = { role_arn: "arn:aws:iam::123456789012:role/artifacts" };
const BUCKET = { resourceType: "s3-bucket", resourceId: "s3://wire-bucket", spellings: ["wire-bucket", "arn:aws:s3:::wire-bucket", "s3://wire-bucket/"] };
const missing = { resourceType: "s3-bucket", resourceId: "s3://missing-bucket" };
const CLUSTER = { resourceType: "kubernetes-cluster", resourceId: "training", spellings: ["arn:aws:eks:us-east-1:123456789012:cluster/training"] };
const REGISTRY = {
  resourceType: "docker-registry",
  resourceId: "123456789012.dkr.ecr.us-east-1.amazonaws.com",
  spellings: ["https://123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app", "arn:aws:ecr:us-east-1:123456789012:repository/app"],
};

beforeAll(async () => {
  moto = await startMoto();
  await moto.makeBucket("wire-bucket");
  await moto.makeCluster("training");
});
afterAll(() => moto?.stop());

/** moto's registry gives tokens that ended in 2015. */
function withLivingTokens(): Call {
  const { send, ...rest } = call();
  const ends = Math.floor(Date.now() / 1_000) + 12 * HOUR;
  const body = (answer: Buffer) => Buffer.from(answer.toString("utf8").replace(/"expiresAt": ?[\d.]+/, `"expiresAt": ${ends}`));
  return { ...rest, send: (url, request) => send(url, request).then((answer) => ({ ...answer, body: body(answer.body) })) };
}

const HOUR = 3_600;
connectorSuite("AWS by secret key, for a bucket", () => ({
  provider: AWS,
  connection: connection("secret-key"),
  call,
  resource: BUCKET,
  missing,
  longest: null,
}));
connectorSuite("AWS by session token, for a bucket", () => ({
  provider: AWS,
  connection: connection("session-token"),
  call,
  resource: BUCKET,
  missing,
  longest: 12 * HOUR,
}));
connectorSuite("AWS by role, for a bucket", () => ({
  provider: AWS,
  connection: connection("iam-role", ROLE),
  call,
  resource: BUCKET,
  missing,
  longest: HOUR,
}));
connectorSuite("AWS by federation token, for a bucket", () => ({
  provider: AWS,
  connection: connection("federation-token"),
  call,
  resource: BUCKET,
  missing,
  longest: 12 * HOUR,
}));
connectorSuite("AWS by role, for a cluster", () => ({
  provider: AWS,
  connection: connection("iam-role", ROLE),
  call,
  resource: CLUSTER,
  missing: { ...CLUSTER, resourceId: "nowhere" },
  longest: HOUR / 4,
}));
connectorSuite("AWS by secret key, for its registry", () => ({
  provider: AWS,
  connection: connection("secret-key"),
  call: withLivingTokens,
  resource: REGISTRY,
  missing: { ...REGISTRY, resourceId: "999999999999.dkr.ecr.us-east-1.amazonaws.com" },
  longest: 12 * HOUR,
}));

it("an EKS token is a signed call for one cluster, which ends with its minute", async () => {
  const issued = await AWS.issue(connection("iam-role", ROLE), { ...CLUSTER, lifetime: null, session: "suite@reeve" }, call());
  expect(issued).toMatchObject({ type: "kubernetes", method: "token", reach: "resource", values: { cluster_name: "training" } });
  const url = new URL(Buffer.from(String(issued.values.token).replace("k8s-aws-v1.", ""), "base64url").toString("utf8"));
  expect(url.host).toBe("sts.us-east-1.amazonaws.com");
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    Action: "GetCallerIdentity",
    "X-Amz-Expires": "60",
    "X-Amz-SignedHeaders": "host;x-k8s-aws-id",
  });
  expect(url.searchParams.get("X-Amz-Security-Token")).toBeTruthy();
});

it("another life than the default is kept, and a role is asked for with the asker's name", async () => {
  const wanted = { ...BUCKET, lifetime: 900, session: "run-1@reeve" };
  const issued = await AWS.issue(connection("iam-role", ROLE), wanted, call());
  expect(issued.actsAs).toMatch(/assumed-role\/artifacts\/run-1@reeve$/);
  expect(issued.reach).toBe("resource");
  expect(Math.abs((issued.expiresAt?.getTime() ?? 0) - Date.now() - 900_000)).toBeLessThan(60_000);
  expect((await AWS.issue(connection("session-token"), wanted, call())).reach).toBe("as-main-key");
});

it("sessions of a role are ended by its inline policy, which keeps what was ended before", async () => {
  const iam = (parameters: Record<string, string>) => moto.form("iam", { Version: "2010-05-08", ...parameters });
  await iam({ Action: "CreateRole", RoleName: "artifacts", AssumeRolePolicyDocument: "{}" });
  const role = connection("iam-role", ROLE);
  for (const session of ["run-1@reeve", "run-2@reeve", "run-1@reeve"]) {
    const { ending } = await AWS.issue(role, { ...BUCKET, lifetime: 900, session }, call());
    expect(ending).toEqual({ names: { role: ROLE.role_arn, session } });
    await AWS.revoke?.(role, ending ?? { names: {} }, new Date(), call());
  }
  const said = await iam({ Action: "GetRolePolicy", RoleName: "artifacts", PolicyName: "ReeveRevokedSessions" });
  const document = /<PolicyDocument>([^<]+)</.exec(said)?.[1] ?? "";
  for (const session of ["run-1", "run-2"]) expect(decodeURIComponent(document)).toContain(`*:${session}@reeve`);
});

it("implicit is refused while it is switched off", async () => {
  await expect(AWS.verify(connection("implicit"), null, { ...call(), host: null })).rejects.toThrow("Implicit methods are switched off on this server.");
  const host = { variable: (name: string) => ({ AWS_ACCESS_KEY_ID: "AKIAHOST", AWS_SECRET_ACCESS_KEY: "host" })[name], file: async () => undefined };
  await AWS.verify(connection("implicit"), BUCKET, { ...call(), host });
});

/** Last: it holds for all later calls. */
it("a signature is checked where it counts: what has rights gets in, a wrong key is refused by its code and never quoted", async () => {
  await moto.form("iam", { Action: "CreateUser", UserName: "store", Version: "2010-05-08" });
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["s3:*", "sts:*"], Resource: "*" }] });
  await moto.form("iam", { Action: "PutUserPolicy", UserName: "store", PolicyName: "all", PolicyDocument: policy, Version: "2010-05-08" });
  const made = await moto.form("iam", { Action: "CreateAccessKey", UserName: "store", Version: "2010-05-08" });
  const found = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(made)?.[1] ?? "";
  await moto.requireRights();
  const keys = { aws_access_key_id: found("AccessKeyId"), aws_secret_access_key: found("SecretAccessKey") };
  await AWS.verify(connection("secret-key", keys), BUCKET, call());
  const wrong = connection("secret-key", { ...keys, aws_secret_access_key: "wrong/secret/wrong/secret" });
  await expect(AWS.verify(wrong, BUCKET, call())).rejects.toMatchObject({
    reason: "refused",
    code: "SignatureDoesNotMatch",
    message: expect.not.stringContaining("wrong"),
  });
});
