import { AwsV4Signer } from "aws4fetch";
import { type Call, type KeyService, textOf } from "./contract";

export type KmsSettings = {
  region: string;
  key: string;
  /** Instead of the service's own address. */
  endpoint: string | null;
  credentials: () => { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
};

/** Bound to what is sealed, so that this key opens nothing for Reeve that was sealed for something else. */
const CONTEXT = { purpose: "reeve master key" };

/** AWS KMS: one signed JSON call each way. */
export function awsKms({ region, key, endpoint, credentials }: KmsSettings, call: Call): KeyService {
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  const ask = async (action: "Encrypt" | "Decrypt", body: object) => {
    const signed = await new AwsV4Signer({
      url: `${endpoint ?? `https://kms.${region}.${domain}`}/`,
      method: "POST",
      headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `TrentService.${action}` },
      body: JSON.stringify({ KeyId: key, EncryptionContext: CONTEXT, ...body }),
      service: "kms",
      region,
      ...credentials(),
    }).sign();
    return call.send(String(signed.url), { method: "POST", headers: Object.fromEntries(signed.headers), body: String(signed.body) });
  };
  return {
    place: `AWS KMS key ${key} in ${region}`,
    wrap: async (root) => textOf(await ask("Encrypt", { Plaintext: root.toString("base64") }), "Sealing", "CiphertextBlob"),
    unwrap: async (wrapped) => Buffer.from(textOf(await ask("Decrypt", { CiphertextBlob: wrapped }), "Opening", "Plaintext"), "base64"),
  };
}
