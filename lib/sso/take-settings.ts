import "server-only";
import { type CallContext, execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { setOidcSettings, setSamlSettings } from "./change-connection";
import { discover, readDocument } from "./discover";
import { getConnectionForUpdate } from "./queries";
import { parseIdpMetadata } from "./saml/read-metadata";

// Taking a provider's data as a person gives it: what has to be asked outside is asked before the command, for who may run it.

type Fields = Record<string, string | undefined>;

/** An OpenID provider's: its issuer is asked for its discovery document. Errors: those of discovery and of the command. */
export async function takeOidcSettings(context: CallContext, fields: Fields): Promise<{ id: string }> {
  await ask(getConnectionForUpdate, context, { connectionId: fields.connectionId });
  const issuer = fields.issuer?.trim() ?? "";
  const { endSessionUrl } = URL.canParse(issuer) ? await discover(issuer) : { endSessionUrl: null }; // the command refuses what is no address
  return execute(setOidcSettings, context, { ...fields, issuer, endSessionUrl });
}

/** A SAML provider's, out of its metadata: fetched from `metadataUrl`, or `metadata` itself. Errors: as above, and those of reading it. */
export async function takeSamlMetadata(context: CallContext, fields: Fields): Promise<{ id: string }> {
  const { connectionId, metadata = "" } = fields;
  const metadataUrl = fields.metadataUrl?.trim();
  await ask(getConnectionForUpdate, context, { connectionId });
  const { settings } = parseIdpMetadata(metadataUrl === undefined ? metadata : await readDocument(metadataUrl, "metadataUrl"), new Date());
  return execute(setSamlSettings, context, { connectionId, ...settings, metadataUrl });
}
