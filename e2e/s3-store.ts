import { objectStore } from "@/lib/artifacts/object-store";
import type { StoreCase } from "@/lib/artifacts/store-contract.suite";
import { guardedCall } from "@/lib/outgoing/guarded-call";
import { AWS } from "@/lib/providers/connectors/aws/provider";
import type { Connection } from "@/lib/providers/connectors/contract";

const BUCKET = "art-store";
type Put = (method: string, path: string, body?: Buffer) => Promise<unknown>;

/** The reader of S3 before a server that speaks like it. `put` writes there as its owner; `values` are the keys that are read with. */
export async function s3StoreCase(values: () => Promise<Connection["values"]>, put: Put): Promise<StoreCase> {
  for (const bucket of [BUCKET, `${BUCKET}-two`]) await put("PUT", `/${bucket}`);
  const write = (key: string, bytes: Buffer) => put("PUT", `/${BUCKET}/${key.split("/").map(encodeURIComponent).join("/")}`, bytes);
  for (const key of ["outside.txt", "prefix-two/x.txt"]) await write(key, Buffer.from("outside"));
  await put("PUT", `/${BUCKET}-two/prefix/x.txt`, Buffer.from("outside"));
  const objects = AWS.objects?.(async () => ({ values: await values() }), `s3://${BUCKET}`, guardedCall(["127.0.0.0/8"]));
  if (!objects) throw new Error("AWS has a reader");
  return {
    store: objectStore({ id: "s", path: `s3://${BUCKET}/prefix` }, async () => objects),
    uri: (name) => `s3://${BUCKET}/prefix/${name}`,
    write: async (name, bytes) => void (await write(`prefix/${name}`, bytes)),
    outside: [`s3://${BUCKET}/outside.txt`, `s3://${BUCKET}/prefix-two/x.txt`, `s3://${BUCKET}-two/prefix/x.txt`],
  };
}
