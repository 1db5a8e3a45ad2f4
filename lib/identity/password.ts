import "server-only";
import { type Algorithm, hash, verify } from "@node-rs/argon2";

// Local passwords at rest: argon2id with the parameters of the OWASP Password Storage Cheat Sheet (19 MiB, 2 passes, 1 lane). A check
// costs the same whether the account exists or not.

const PARAMETERS = { algorithm: 2 satisfies Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The hash to store in `local_password` (PHC string; it names its own parameters and salt). */
export const hashPassword = (password: string): Promise<string> => hash(password.normalize("NFC"), PARAMETERS);

let stranger: Promise<string> | undefined;

/** True when the password fits the stored hash. Without a hash it does the same work and is false. */
export async function verifyPassword(storedHash: string | undefined, password: string): Promise<boolean> {
  stranger ??= hashPassword("no account has this password");
  const fits = await verify(storedHash ?? (await stranger), password.normalize("NFC"));
  return fits && storedHash !== undefined;
}
