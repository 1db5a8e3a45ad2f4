import "server-only";
/*
 * Single sign-on of a set-up file: the same commands as the settings' pages, in the transaction of the application. What the file says holds;
 * what it leaves out stays. Nothing is called: metadata comes from a file, and a domain is proven by the operator's word.
 */
import fs from "node:fs";
import path from "node:path";
import type { z } from "zod";
import type { Target } from "@/lib/authz/can";
import type { Command } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { unseal } from "@/lib/kernel/seal";
import type { Application } from "@/lib/setup/application";
import { perform } from "@/lib/setup/perform";
import { type ReadSetupFile, readPrivate } from "@/lib/setup/read-setup-file";
import type { SetupSsoConnection } from "@/lib/setup/setup-file";
import { setAttributes, setConnectionOptions, setOidcSettings, setSamlSettings, switchConnection } from "@/lib/sso/change-connection";
import { addDomain, confirmDomain } from "@/lib/sso/change-domains";
import { CLIENT_SECRET } from "@/lib/sso/connection";
import { createConnection } from "@/lib/sso/create-connection";
import { loadConnection } from "@/lib/sso/load-connection";
import { parseIdpMetadata } from "@/lib/sso/saml/read-metadata";

const REASON = "set-up file";

/** Makes or adjusts one connection with its domains, and switches it on. Errors: invalid_input, conflict, for files that can't be read. */
export async function applySsoConnection(
  application: Application,
  wanted: SetupSsoConnection,
  { file, directory: folder }: Pick<ReadSetupFile, "file" | "directory">,
): Promise<void> {
  const { tx, organizationId } = application;
  const label = `single sign-on ${wanted.name}`;
  const existing = await tx
    .selectFrom("sso_connection")
    .select(["id", "name"])
    .where("organization_id", "=", organizationId)
    .where("slug", "=", wanted.name)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  const name = wanted.displayName ?? existing?.name ?? wanted.name;
  const protocol = wanted.metadataFile ? "saml" : "oidc";
  const made = existing ?? (await perform(application, createConnection, { slug: wanted.name, name, provider: wanted.provider, protocol }, `create ${label}`));
  const connectionId = made.id;
  const change = <S extends z.ZodType, T extends Target, R>(command: Command<S, T, R>, input: object) =>
    perform(application, command, { connectionId, ...input }, `update ${label}`);

  if (wanted.metadataFile) {
    const { settings } = parseIdpMetadata(readText(path.resolve(folder, wanted.metadataFile)), new Date());
    await change(setSamlSettings, settings);
  } else {
    const secret = readPrivate(path.resolve(folder, wanted.clientSecretFile ?? ""), file).trim();
    const { connection } = await loadConnection(tx, { organizationId }, connectionId);
    const held = connection.secretSealed && unseal(CLIENT_SECRET, connectionId, connection.secretSealed);
    const scopes = ["openid", "email", "profile"];
    const { issuer, clientId } = wanted;
    await change(setOidcSettings, { issuer, clientId, scopes, endSessionUrl: null, clientSecret: held === secret ? "" : secret });
  }
  if (wanted.attributes) await change(setAttributes, wanted.attributes);
  const { connection } = await loadConnection(tx, { organizationId }, connectionId);
  const { makesAccounts = connection.makesAccounts } = wanted;
  if (name !== connection.name || makesAccounts !== connection.makesAccounts)
    await change(setConnectionOptions, { name, makesAccounts, allowsUnsolicited: connection.allowsUnsolicited, allowsSha1: connection.allowsSha1 });
  for (const domain of wanted.domains) await applyDomain(application, connectionId, domain);
  if (connection.state === "draft") await change(switchConnection, { state: "on" });
}

async function applyDomain(application: Application, connectionId: string, domain: string): Promise<void> {
  const { tx, organizationId } = application;
  const held = await tx
    .selectFrom("sso_domain")
    .select(["id", "proven_at"])
    .where("organization_id", "=", organizationId)
    .where("connection_id", "=", connectionId)
    .where("domain", "=", domain)
    .executeTakeFirst();
  const { id } = held ?? (await perform(application, addDomain, { connectionId, domain }, `add the domain ${domain}`));
  if (!held?.proven_at) await perform(application, confirmDomain, { domainId: id, reason: REASON }, `confirm the domain ${domain}`);
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (cause) {
    throw new AppError("conflict", `The file ${file} can't be read (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
      fix: "Put it there, or name another.",
    });
  }
}
