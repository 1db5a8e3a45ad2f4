import { type Call, type KeyService, textOf } from "./contract";

export type TransitSettings = { address: string; mount: string; key: string; token: () => Promise<string> };

/** The transit engine of OpenBao and HashiCorp Vault. Its own rotations need nothing of Reeve: it opens what older versions of its key sealed. */
export function vaultTransit({ address, mount, key, token }: TransitSettings, call: Call): KeyService {
  const ask = async (act: "encrypt" | "decrypt", body: object) =>
    call.send(`${address}/v1/${mount}/${act}/${key}`, {
      method: "POST",
      headers: { "x-vault-token": await token(), "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  return {
    place: `transit key ${key} at ${address}/${mount}`,
    wrap: async (root) => textOf(await ask("encrypt", { plaintext: root.toString("base64") }), "Sealing", "data", "ciphertext"),
    unwrap: async (wrapped) => Buffer.from(textOf(await ask("decrypt", { ciphertext: wrapped }), "Opening", "data", "plaintext"), "base64"),
  };
}
