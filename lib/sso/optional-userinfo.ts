import "server-only";

// A provider need not have a userinfo endpoint (OpenID Connect Discovery §3); the library insists on one. Where there is none it is told of
// one that only repeats whom the id token names, and that nobody is asked for.

const DISCOVERY = "/.well-known/openid-configuration";
const NONE = "https://userinfo.invalid/";

/** A body as the library gets it: a discovery document without the endpoint gets ours. */
export function withUserinfo(url: string, body: Buffer): Buffer {
  if (!new URL(url).pathname.endsWith(DISCOVERY)) return body;
  try {
    const found = JSON.parse(body.toString("utf8")) as object;
    return "userinfo_endpoint" in found ? body : Buffer.from(JSON.stringify({ ...found, userinfo_endpoint: NONE }));
  } catch {
    return body; // the client says so
  }
}

/** The answer of that endpoint; undefined for every other address. */
export function noUserinfo(url: string, idToken: string | undefined): Response | undefined {
  if (url !== NONE) return undefined;
  const { sub } = JSON.parse(Buffer.from(idToken?.split(".")[1] ?? "", "base64url").toString("utf8")) as { sub: unknown };
  return Response.json({ sub });
}
