import "server-only";
import { outsideScope } from "@/lib/kernel/transaction";
import { environment } from "@/lib/kernel/env";
import { callbackUrl, PRODUCT, serviceKeys, signOnLibrary } from "./library";
import type { Connection } from "./connection";
import { serviceAddresses } from "./schema";
import { idpMetadataXml } from "./saml/write-metadata";

// The library's copy of a connection, made from ours and made again whenever ours changed: ours is the one that people edit.

const inWork = new Map<string, Promise<void>>();

/** Sees to it that the library knows this version of the connection. */
export async function registerConnection(connection: Connection): Promise<void> {
  if (connection.registeredVersion === connection.version) return;
  const key = `${connection.id} ${connection.version}`;
  const work = inWork.get(key) ?? register(connection).finally(() => inWork.delete(key));
  inWork.set(key, work);
  await work;
}

async function register(connection: Connection): Promise<void> {
  const { connectionAPIController: connections } = await signOnLibrary();
  await connections.deleteConnections({ tenant: connection.id, product: PRODUCT });
  const common = {
    tenant: connection.id,
    product: PRODUCT,
    name: connection.slug,
    defaultRedirectUrl: callbackUrl(),
    redirectUrl: JSON.stringify([callbackUrl()]),
  };
  if (connection.protocol === "saml") {
    const { entityId, acsUrl } = serviceAddresses(environment().url, connection.slug);
    await connections.createSAMLConnection({
      ...common,
      // Its answers come by way of our gate, which signs what it hands over (saml/hand-over.ts).
      rawMetadata: idpMetadataXml({ ...connection.settings, certificates: [(await serviceKeys()).certificate] }),
      samlAudienceOverride: entityId,
      acsUrlOverride: acsUrl,
    });
  } else {
    const { issuer, clientId } = connection.settings;
    // The library never reads these: its provider calls are answered by lib/sso/openid.ts.
    const metadata = { issuer, authorization_endpoint: issuer, token_endpoint: issuer, jwks_uri: issuer, userinfo_endpoint: issuer };
    await connections.createOIDCConnection({
      ...common,
      oidcMetadata: metadata as never,
      oidcClientId: clientId,
      oidcClientSecret: connection.secret ?? "none",
    });
  }
  await outsideScope((tx) =>
    tx
      .updateTable("sso_connection")
      .set({ registered_version: connection.version })
      .where("id", "=", connection.id)
      .where("version", "=", connection.version)
      .execute(),
  );
}
