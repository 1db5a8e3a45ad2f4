import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freePort, ROOT } from "../fixtures";

// A real Keycloak for tests: installed once into .cache/peers from Maven Central, with a realm that knows one Reeve as a SAML client and as an
// OpenID client. Needs Java 17 and Maven.

const VERSION = "26.7.4";
const REALM = "acme";
export const KEYCLOAK_SECRET = "a-client-secret-of-keycloak";

export type KeycloakPerson = { email: string; groups: string[] };
export type Keycloak = Awaited<ReturnType<typeof startKeycloak>>;
export const KEYCLOAK_PASSWORD = "a-good-password-2026";
export const KEYCLOAK_GROUPS = ["ml-viewers", "ds-contributors", "ml-platform-admins"];

function install(): string {
  const home = path.join(ROOT, ".cache", "peers", `keycloak-${VERSION}`);
  if (existsSync(path.join(home, "bin", "kc.sh"))) return home;
  const folder = path.dirname(home);
  mkdirSync(folder, { recursive: true });
  const artifact = `org.keycloak:keycloak-quarkus-dist:${VERSION}:zip`;
  const mended = "Keycloak could not be installed: it needs Java 17, Maven, unzip and Maven Central.";
  try {
    execFileSync("mvn", ["-q", "-B", "dependency:copy", `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`], { stdio: "pipe" });
    execFileSync("unzip", ["-q", "-o", path.join(folder, `keycloak-quarkus-dist-${VERSION}.zip`), "-d", folder], { stdio: "pipe" });
  } catch (cause) {
    throw new Error(mended, { cause });
  }
  return home;
}

type Options = { reeve: string; slug: string; openidSlug: string; people: KeycloakPerson[] };

/** Starts one. `reeve`: its address; `slug`, `openidSlug`: of its connections. */
export async function startKeycloak(options: Options) {
  const home = install();
  const [port, management] = [await freePort(), await freePort()];
  const url = `http://localhost:${port}`;
  // It reads realms of its own folder, and keeps what it has: each start begins afresh.
  rmSync(path.join(home, "data"), { recursive: true, force: true });
  mkdirSync(path.join(home, "data", "import"), { recursive: true });
  writeFileSync(path.join(home, "data", "import", "realm.json"), JSON.stringify(realm(options)));
  const child = spawn(
    path.join(home, "bin", "kc.sh"),
    ["start-dev", "--import-realm", "--http-host=127.0.0.1", `--http-port=${port}`, `--http-management-port=${management}`],
    {
      env: { ...process.env, KC_BOOTSTRAP_ADMIN_USERNAME: "admin", KC_BOOTSTRAP_ADMIN_PASSWORD: "admin", JAVA_OPTS_KC_HEAP: "-Xms64m -Xmx512m" },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const stop = async () => {
    if (child.exitCode === null && child.pid) process.kill(-child.pid, "SIGTERM");
    await new Promise((resolve) => (child.exitCode === null ? child.once("exit", resolve) : resolve(undefined)));
  };
  const issuer = `${url}/realms/${REALM}`;
  const end = Date.now() + 240_000;
  while (
    !(await fetch(`${issuer}/.well-known/openid-configuration`).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null || Date.now() > end) {
      await stop();
      throw new Error(`Keycloak did not start:\n${output.slice(-4_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }

  async function admin(method: string, at: string, body?: unknown) {
    const form = new URLSearchParams({ grant_type: "password", client_id: "admin-cli", username: "admin", password: "admin" });
    const { access_token } = await (await fetch(`${url}/realms/master/protocol/openid-connect/token`, { method: "POST", body: form })).json();
    const answer = await fetch(`${url}/admin/realms/${REALM}${at}`, {
      method,
      headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`Keycloak's admin answered ${answer.status} to ${method} ${at}`);
    const text = await answer.text();
    return text ? JSON.parse(text) : undefined;
  }
  return {
    url,
    issuer,
    metadataUrl: `${issuer}/protocol/saml/descriptor`,
    admin,
    /** Switches a person off or on. */
    setEnabled: async (email: string, enabled: boolean) => {
      const [user] = await admin("GET", `/users?username=${encodeURIComponent(email)}&exact=true`);
      await admin("PUT", `/users/${user.id}`, { ...user, enabled });
    },
    /** How many sessions a person has there. */
    sessions: async (email: string) => {
      const [user] = await admin("GET", `/users?username=${encodeURIComponent(email)}&exact=true`);
      return ((await admin("GET", `/users/${user.id}/sessions`)) as unknown[]).length;
    },
    /** An administrator signs a person out there. */
    signOut: async (email: string) => {
      const [user] = await admin("GET", `/users?username=${encodeURIComponent(email)}&exact=true`);
      await admin("POST", `/users/${user.id}/logout`);
    },
    /** A new signing key that is used from now on; the old one stays published. */
    rotateKeys: async () => {
      const { id } = await admin("GET", "");
      const config = { priority: ["200"], keySize: ["2048"], enabled: ["true"], active: ["true"] };
      await admin("POST", "/components", { name: "next", providerId: "rsa-generated", providerType: "org.keycloak.keys.KeyProvider", parentId: id, config });
    },
    /** From now on it takes what a client sends by SAML only when this certificate's key signed it (base64 of its DER). */
    checkSignatures: async (entityId: string, certificate: string) => {
      const [client] = await admin("GET", `/clients?clientId=${encodeURIComponent(entityId)}`);
      const attributes = { ...client.attributes, "saml.client.signature": "true", "saml.signing.certificate": certificate };
      await admin("PUT", `/clients/${client.id}`, { ...client, attributes });
    },
    stop,
  };
}

function realm({ reeve, slug, openidSlug, people }: Options) {
  const entityId = `${reeve}/api/sso/${slug}/metadata`;
  const property = (name: string, attribute: string) => ({
    name,
    protocol: "saml",
    protocolMapper: "saml-user-property-mapper",
    config: { "user.attribute": name, "attribute.name": attribute, "attribute.nameformat": "Basic" },
  });
  const saml = {
    clientId: entityId,
    protocol: "saml",
    enabled: true,
    frontchannelLogout: true,
    redirectUris: [`${reeve}/*`],
    attributes: {
      "saml.assertion.signature": "true",
      "saml.authnstatement": "true",
      "saml.server.signature": "true",
      "saml.client.signature": "false",
      "saml.signature.algorithm": "RSA_SHA256",
      saml_force_name_id_format: "true",
      saml_name_id_format: "persistent",
      saml_assertion_consumer_url_post: `${reeve}/api/sso/${slug}/acs`,
      saml_single_logout_service_url_redirect: `${reeve}/api/sso/${slug}/logout`,
      saml_single_logout_service_url_post: `${reeve}/api/sso/${slug}/logout`,
    },
    protocolMappers: [
      property("email", "email"),
      property("firstName", "firstName"),
      property("lastName", "lastName"),
      {
        name: "groups",
        protocol: "saml",
        protocolMapper: "saml-group-membership-mapper",
        config: { "attribute.name": "groups", "attribute.nameformat": "Basic", single: "true", "full.path": "false" },
      },
    ],
  };
  const openid = {
    clientId: "reeve",
    protocol: "openid-connect",
    enabled: true,
    publicClient: false,
    secret: KEYCLOAK_SECRET,
    standardFlowEnabled: true,
    redirectUris: [`${reeve}/api/sso/oidc`],
    attributes: {
      "pkce.code.challenge.method": "S256",
      "backchannel.logout.url": `${reeve}/api/sso/${openidSlug}/backchannel-logout`,
      "backchannel.logout.session.required": "true",
      "post.logout.redirect.uris": `${reeve}/sign-in`,
    },
    protocolMappers: [
      {
        name: "groups",
        protocol: "openid-connect",
        protocolMapper: "oidc-group-membership-mapper",
        config: { "claim.name": "groups", "full.path": "false", "id.token.claim": "true", "access.token.claim": "true", "userinfo.token.claim": "true" },
      },
    ],
  };
  return {
    realm: REALM,
    enabled: true,
    sslRequired: "none",
    groups: KEYCLOAK_GROUPS.map((name) => ({ name })),
    users: people.map(({ email, groups }) => ({
      username: email,
      email,
      emailVerified: true,
      enabled: true,
      firstName: (email.split("@")[0] as string).replace(/^./, (letter) => letter.toUpperCase()),
      lastName: "Test",
      groups: groups.map((name) => `/${name}`),
      credentials: [{ type: "password", value: KEYCLOAK_PASSWORD }],
    })),
    clients: [saml, openid],
  };
}
