import { afterAll, beforeAll, expect, it } from "vitest";
import { testValues } from "../../lib/secrets/kinds";
import { type Moto, startMoto } from "./moto";

// The test of the kind S3 before moto, which speaks like S3: nothing here was run against AWS itself.

let moto: Moto;
const LOOPBACK = ["127.0.0.0/8"];
const keys = () => ({ aws_access_key_id: "AKIAMAINKEYMAINKEY00", aws_secret_access_key: "canary/secret", region: "us-east-1", endpoint_url: moto.url });

beforeAll(async () => {
  moto = await startMoto();
  await moto.makeBucket("kind-bucket");
});
afterAll(() => moto?.stop());

it("lists the bucket that is named, or the buckets", async () => {
  expect(await testValues("s3", { ...keys(), bucket: "kind-bucket" }, LOOPBACK)).toEqual({
    outcome: "worked",
    words: "S3 accepted the keys and lists the bucket.",
  });
  expect(await testValues("s3", keys(), LOOPBACK)).toEqual({ outcome: "worked", words: "S3 accepted the keys and lists 1 bucket." });
});

it("says what is missing, and what may not be reached", async () => {
  expect(await testValues("s3", { ...keys(), bucket: "no-such-bucket" }, LOOPBACK)).toEqual({
    outcome: "refused",
    words: "S3 has no such bucket (NoSuchBucket).",
  });
  expect(await testValues("s3", keys(), [])).toMatchObject({ outcome: "unreachable" });
});

it("says which key is wrong, once signatures count", async () => {
  await moto.requireRights();
  const answer = await testValues("s3", keys(), LOOPBACK);
  expect(answer).toEqual({ outcome: "refused", words: "S3 doesn’t know the access key (InvalidAccessKeyId)." });
});
