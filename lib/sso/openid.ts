import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import { guardedFetch } from "@/lib/outgoing/guarded-fetch";
import { OutgoingError } from "@/lib/outgoing/judge-url";
import { noUserinfo, withUserinfo } from "./optional-userinfo";
import { loadOfLibrary } from "./library-module";
import { type OidcSettings, SignInRefused } from "./schema";

// How the sign-on library talks to OpenID providers: through our guard, with the id token's signature checked against the provider's keys
// (OIDC Core §3.1.3.7), and with what was said kept for our own gate. Discovery and keys are kept for some minutes.

/** The OpenID client that the library brings along; the bundled session library has an older one of the same name. */
type Configuration = object & { serverMetadata(): { issuer: string } };
type ClientModule = {
  discovery(server: URL, clientId: string, metadata: object, authentication: unknown, options: object): Promise<Configuration>;
  ClientSecretPost(secret: string): unknown;
  ClientSecretBasic(secret: string): unknown;
  None(): unknown;
  allowInsecureRequests: unknown;
  enableNonRepudiationChecks: unknown;
  customFetch: symbol;
  clockTolerance: symbol;
};
type LibraryUtilities = { dynamicImport: (name: string) => Promise<ClientModule> };

/** One conversation with an OpenID provider: whom with, and what came. */
export type Conversation = {
  settings: OidcSettings;
  secret: string | null;
  idToken?: string;
  userinfo?: Record<string, unknown>;
  /** Why it could not go on: the library makes a text of its own of it. */
  refused?: SignInRefused;
};

const conversations = new AsyncLocalStorage<Conversation>();
/** Seconds by which clocks may differ. */
export const CLOCK_TOLERANCE_S = 60;
/** What the client calls a document that names another issuer. */
const ANOTHER_ISSUER = "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED";
const KEPT_MS = 10 * 60_000;
const MAX_KEPT = 100;

declare global {
  var reeveOpenid: Map<string, { configuration: Promise<Configuration>; until: number }> | undefined;
}
globalThis.reeveOpenid ??= new Map();
const kept = globalThis.reeveOpenid;

/** Runs what the library does within a conversation. */
export const inConversation = <T>(conversation: Conversation, work: () => Promise<T>): Promise<T> => conversations.run(conversation, work);

/** The provider's configuration, as the library asks for it; of the conversation that it is in. Error: SignInRefused when it can't be had. */
export async function openidConfiguration(): Promise<Configuration> {
  const conversation = conversations.getStore();
  if (!conversation) throw new Error("an OpenID provider was asked for outside a conversation");
  const { settings, secret } = conversation;
  const key = JSON.stringify([settings.issuer, settings.clientId, secret]);
  const known = kept.get(key);
  if (known && known.until > Date.now()) return known.configuration;
  if (kept.size >= MAX_KEPT) kept.clear();
  const configuration = discover(settings, secret);
  kept.set(key, { configuration, until: Date.now() + KEPT_MS });
  configuration.catch(() => kept.delete(key));
  return configuration;
}

/** Notes in the conversation why it ends. */
function refusing(refused: SignInRefused): SignInRefused {
  const conversation = conversations.getStore();
  if (conversation) conversation.refused ??= refused;
  return refused;
}

async function discover(settings: OidcSettings, secret: string | null): Promise<Configuration> {
  const client = await (loadOfLibrary("@boxyhq/saml-jackson/dist/controller/utils.js") as LibraryUtilities).dynamicImport("openid-client");
  const issuer = new URL(settings.issuer);
  const metadata = { [client.clockTolerance]: CLOCK_TOLERANCE_S };
  const open = (authentication: unknown) =>
    client
      .discovery(issuer, settings.clientId, metadata, authentication, {
        [client.customFetch]: callProvider,
        execute: [client.enableNonRepudiationChecks, ...(issuer.protocol === "http:" ? [client.allowInsecureRequests] : [])],
      })
      .catch((error: { code?: string }) => {
        throw error.code === ANOTHER_ISSUER ? refusing(new SignInRefused("oidc.issuer", "the discovery document")) : error;
      });
  if (!secret) return open(client.None());
  const configuration = await open(client.ClientSecretPost(secret));
  const { token_endpoint_auth_methods_supported: methods } = configuration.serverMetadata() as { token_endpoint_auth_methods_supported?: string[] };
  // Left out, it means basic alone (OIDC Discovery §3); providers that list only basic refuse the other.
  return methods && !methods.includes("client_secret_post") ? open(client.ClientSecretBasic(secret)) : configuration;
}

type Init = { method?: string; headers?: HeadersInit; body?: BodyInit | null };

/** `fetch` for the client: plain http only to what `allowNetworks` opens. */
async function callProvider(url: string, init: Init): Promise<Response> {
  const body = init.body === undefined || init.body === null ? undefined : String(init.body);
  const headers = Object.fromEntries(new Headers(init.headers).entries());
  if (init.body instanceof URLSearchParams) headers["content-type"] ??= "application/x-www-form-urlencoded;charset=UTF-8";
  const conversation = conversations.getStore();
  const none = noUserinfo(url, conversation?.idToken);
  if (none) return none;
  const answer = await guardedFetch(url, { method: init.method === "POST" ? "POST" : "GET", headers, body, allowHttp: url.startsWith("http:") }).catch(
    (error) => {
      if (!(error instanceof OutgoingError)) throw error;
      throw refusing(new SignInRefused("oidc.unreachable", `${new URL(url).pathname}: ${error.reason}`));
    },
  );
  keep(answer.body, conversation);
  const fields = Object.entries(answer.headers).flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)] as [string, string]));
  // The guard has unpacked the body already.
  const shown = fields.filter(([name]) => !["content-encoding", "content-length", "transfer-encoding"].includes(name));
  return new Response([204, 304].includes(answer.status) ? null : new Uint8Array(withUserinfo(url, answer.body)), { status: answer.status, headers: shown });
}

/** Keeps the id token and what the userinfo endpoint says; both are checked by the client, and by our gate after it. */
function keep(body: Buffer, conversation: Conversation | undefined): void {
  if (!conversation) return;
  try {
    const json = JSON.parse(body.toString("utf8")) as Record<string, unknown>;
    if (typeof json.id_token === "string") conversation.idToken = json.id_token;
    else if (typeof json.sub === "string") conversation.userinfo = json;
  } catch {
    // Not JSON: the client says so.
  }
}
