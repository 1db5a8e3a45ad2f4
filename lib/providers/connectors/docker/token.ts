import { type Answer, type Call, ProviderError } from "../contract";

// Token authentication of registries: the registry names who gives tokens, and for what; that one is shown the name and the password.

export interface Login {
  username: string;
  password: string;
}

const basic = ({ username, password }: Login): string => `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

/** The challenge of a 401 answer; null when it asks for nothing that we know. */
export function challengeOf({ headers }: Answer): { scheme: string; values: Record<string, string> } | null {
  const header = headers["www-authenticate"];
  const text = Array.isArray(header) ? (header.find((one) => /^bearer/i.test(one)) ?? header[0]) : header;
  const match = /^(bearer|basic)\b/i.exec(text ?? "");
  if (!match || !text) return null;
  return {
    scheme: (match[1] as string).toLowerCase(),
    values: Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value])),
  };
}

export interface RegistryToken {
  token: string;
  expiresAt: Date;
}

/** Tokens live a minute where the server says nothing. */
const DEFAULT_SECONDS = 60;

/** A token for a scope of the registry (`repository:name:pull,push`), or for none to try the login. Error: ProviderError. */
export async function fetchToken(login: Login, challenge: Record<string, string>, scope: string | null, call: Call): Promise<RegistryToken> {
  const { realm, service } = challenge;
  if (!realm || !URL.canParse(realm)) throw new ProviderError("unreadable-answer", "The registry does not say who gives its tokens.");
  const url = new URL(realm);
  if (service) url.searchParams.set("service", service);
  if (scope) url.searchParams.set("scope", scope);
  const answer = await call.send(url.href, { headers: { authorization: basic(login) } });
  if (answer.status !== 200) throw refusal(answer);
  const said = read(answer);
  const token = said.token ?? said.access_token;
  if (typeof token !== "string" || !token) throw new ProviderError("unreadable-answer", "The answer has no token.");
  const seconds = typeof said.expires_in === "number" && said.expires_in > 0 ? said.expires_in : DEFAULT_SECONDS;
  return { token, expiresAt: new Date(call.now().getTime() + seconds * 1_000) };
}

/** Says that the registry takes the login. Error: ProviderError. */
export async function tryLogin(api: string, login: Login, call: Call): Promise<void> {
  const challenge = await ask(api, call);
  if (!challenge) return;
  const authorization = challenge.scheme === "bearer" ? `Bearer ${(await fetchToken(login, challenge.values, null, call)).token}` : basic(login);
  const answer = await call.send(`${api}/v2/`, { headers: { authorization } });
  // A token for no scope opens nothing everywhere; that it was given says that the login is right.
  if (answer.status === 401 && challenge.scheme === "bearer") return;
  if (answer.status !== 200) throw refusal(answer);
}

/** What the registry asks for; null when it asks for nothing. Error: ProviderError for what is no registry. */
export async function ask(api: string, call: Call) {
  const answer = await call.send(`${api}/v2/`);
  if (answer.status === 200) return null;
  const challenge = answer.status === 401 ? challengeOf(answer) : null;
  if (!challenge) throw new ProviderError("unreadable-answer", `This is no container registry (status ${answer.status}).`);
  return challenge;
}

function refusal(answer: Answer): ProviderError {
  if (answer.status === 401 || answer.status === 403) return new ProviderError("refused", "The registry refused this name and password.", codeOf(answer));
  return new ProviderError("unreachable", `The registry could not answer (status ${answer.status}).`, codeOf(answer));
}

function read(answer: Answer): Record<string, unknown> {
  try {
    return JSON.parse(answer.body.toString("utf8")) as Record<string, unknown>;
  } catch {
    throw new ProviderError("unreadable-answer", "The answer of who gives tokens is no JSON.");
  }
}

/** `UNAUTHORIZED`, `DENIED`: with dashes, as our codes have no underscores. */
const codeOf = (answer: Answer): string | null => /"code"\s*:\s*"([A-Z_]+)"/.exec(answer.body.toString("utf8"))?.[1]?.replaceAll("_", "-") ?? null;
