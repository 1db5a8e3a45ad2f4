import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { AwsClient } from "aws4fetch";
import { freePort } from "../fixtures";
import { startPeer } from "../peer-process";
import { installed } from "./go";

// MinIO, which speaks S3 and STS and heeds session policies, built once from its Go module (about seven minutes on two cores). A peer of tests only.

const MODULE = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c";
export const ROOT_KEYS = { aws_access_key_id: "main-key-of-minio", aws_secret_access_key: "main-secret-of-minio" };

export async function startMinio() {
  const program = installed("minio", MODULE);
  const folder = mkdtempSync(path.join(os.tmpdir(), "reeve-minio-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    MINIO_ROOT_USER: ROOT_KEYS.aws_access_key_id,
    MINIO_ROOT_PASSWORD: ROOT_KEYS.aws_secret_access_key,
    MINIO_BROWSER: "off",
  } as never;
  const args = ["server", "--address", `127.0.0.1:${port}`, path.join(folder, "data")];
  const isReady = async () => (await fetch(`${url}/minio/health/ready`)).ok;
  const stop = await startPeer("MinIO", [{ program, args, env }], { isReady, seconds: 60, folder });
  /** The status of one call with some keys. */
  const ask = async (keys: Record<string, unknown>, method: string, to: string, body?: string | Uint8Array<ArrayBuffer>): Promise<number> => {
    const client = new AwsClient({
      accessKeyId: String(keys.aws_access_key_id),
      secretAccessKey: String(keys.aws_secret_access_key),
      sessionToken: keys.aws_session_token ? String(keys.aws_session_token) : undefined,
      service: "s3",
      region: "us-east-1",
      retries: 0,
    });
    return (await client.fetch(`${url}${to}`, { method, body })).status;
  };
  return { url, ask, stop };
}
