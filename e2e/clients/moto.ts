import path from "node:path";
import { freePort, ROOT } from "../fixtures";
import { startPeer } from "../peer-process";

// moto: a server that speaks like Amazon's services, for tests (PyPI, Apache-2.0). It lets everybody do anything unless it is told otherwise.

const VENV = process.env.REEVE_MOTO_VENV ?? path.join(ROOT, ".cache", "moto-venv");

export type Moto = Awaited<ReturnType<typeof startMoto>>;

/** Starts one. `post` and `put` call it as anybody. */
export async function startMoto() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = { program: path.join(VENV, "bin", "moto_server"), args: ["-H", "127.0.0.1", "-p", String(port)] };
  const stop = await startPeer("moto", [program], { isReady: async () => (await fetch(url)).ok, seconds: 20 });
  const signed = (service: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    host: `127.0.0.1:${port}`,
  });
  return {
    url,
    stop,
    /** One call of S3 by path: objects and buckets. */
    object: async (method: string, to: string, body?: Buffer) => {
      const answer = await fetch(`${url}${to}`, { method, headers: signed("s3"), body: body && new Uint8Array(body) });
      return Buffer.from(await answer.arrayBuffer());
    },
    makeBucket: async (name: string) => void (await fetch(`${url}/${name}`, { method: "PUT", headers: signed("s3") })),
    makeCluster: async (name: string) => {
      const body = JSON.stringify({ name, roleArn: "arn:aws:iam::123456789012:role/eks", resourcesVpcConfig: { subnetIds: [] } });
      await fetch(`${url}/clusters`, { method: "POST", headers: { ...signed("eks"), "content-type": "application/json" }, body });
    },
    /** Writes over a secret of Secrets Manager. */
    overwriteSecret: async (name: string, text: string) => {
      const headers = { ...signed("secretsmanager"), "content-type": "application/x-amz-json-1.1", "x-amz-target": "secretsmanager.PutSecretValue" };
      const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ SecretId: name, SecretString: text }) });
      if (!answer.ok) throw new Error(`moto answered ${answer.status}: ${await answer.text()}`);
    },
    /** A call of one of the services that take forms (iam, sts). */
    form: async (service: string, parameters: Record<string, string>) =>
      (await fetch(url, { method: "POST", headers: signed(service), body: new URLSearchParams(parameters) })).text(),
    /** From now on signatures and policies count; nobody has rights but who is given them before. */
    requireRights: async () => void (await fetch(`${url}/moto-api/reset-auth`, { method: "POST", headers: { "content-type": "text/plain" }, body: "0" })),
  };
}
