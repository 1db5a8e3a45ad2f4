import { z } from "zod";
import { hidden, plain, type SecretKind } from "./contract";

// A login to Snowflake. It has no call that only reads and costs nothing: a statement starts a warehouse, and a login takes Snowflake's own driver.

export const SNOWFLAKE: SecretKind = {
  kind: "snowflake",
  title: "Snowflake",
  group: "Data sources",
  about: "A login to a Snowflake account, by password or by key pair.",
  docs: { label: "Key pairs of Snowflake", url: "https://docs.snowflake.com/en/user-guide/key-pair-auth" },
  fields: z
    .object({
      account: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,255}$/, "Enter the identifier alone, such as org-account.")
        .meta({ title: "Account", description: "The account’s identifier, such as org-account." }),
      user: plain("User", "A user for programs, of the type SERVICE where the account has it."),
      password: hidden("Password", "Or a key pair below. Snowflake ends passwords without a second factor.").optional(),
      private_key: hidden("Private key", "PEM of a key pair.").optional(),
      private_key_passphrase: hidden("Passphrase", "Of the private key, when it has one.").optional(),
      role: plain("Role", "The role that code takes.").optional(),
      warehouse: plain("Warehouse", "Where statements run.").optional(),
      database: plain("Database", "What names are looked for in.").optional(),
      schema: plain("Schema", "Of the database.").optional(),
    })
    .refine(({ password, private_key }) => password || private_key, { message: "Give a password or a private key.", path: ["password"] }),
  address: ["account"],
  test: null,
  note: "It can’t be tested here: Snowflake has no call that only reads, since a statement starts a warehouse that costs, and a login takes Snowflake’s own driver.",
};
