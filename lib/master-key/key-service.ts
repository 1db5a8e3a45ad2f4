import "server-only";
import { readFile } from "node:fs/promises";
import { environment, hostVariable } from "@/lib/kernel/env";
import type { AppError } from "@/lib/kernel/errors";
import { sealedError } from "@/lib/kernel/sealed-error";
import { guardedCall } from "@/lib/outgoing/guarded-call";
import { awsKms } from "@/lib/providers/key-services/aws-kms";
import { type KeyService, KeyServiceError } from "@/lib/providers/key-services/contract";
import { vaultTransit } from "@/lib/providers/key-services/vault-transit";

// The outside service that REEVE_KMS_URL names. Its credential is read anew for each call: who renews it writes it into the file.

/** Undefined when master keys come from files and the environment alone. */
export function keyService(): KeyService | undefined {
  const { kms, allowNetworks } = environment();
  if (!kms) return undefined;
  const call = guardedCall(allowNetworks);
  if (kms.kind === "aws-kms") {
    const credentials = () => ({
      accessKeyId: hostVariable("AWS_ACCESS_KEY_ID") ?? "",
      secretAccessKey: hostVariable("AWS_SECRET_ACCESS_KEY") ?? "",
      sessionToken: hostVariable("AWS_SESSION_TOKEN"),
    });
    return awsKms({ ...kms, credentials }, call);
  }
  const { tokenFile } = kms;
  const token = async () => {
    const text = await readFile(/* turbopackIgnore: true */ tokenFile, "utf8").catch(() => "");
    if (text.trim() === "") throw new KeyServiceError(`The file of REEVE_KMS_TOKEN_FILE (${tokenFile}) can’t be read or is empty.`);
    return text.trim();
  };
  return vaultTransit({ ...kms, token }, call);
}

/** What the service said went wrong, for those who look after the system: Reeve stays sealed, and tries again by itself. */
export function sealedBy(service: KeyService, error: unknown): AppError {
  const said = error instanceof Error ? error.message : "";
  return sealedError(
    `The master key can’t be opened by ${service.place}: ${said}`,
    "Secrets open by themselves as soon as the service answers. What to look at stands in docs/operations.md, “A master key from outside”.",
    error,
  );
}
