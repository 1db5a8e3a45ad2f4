import { type Call, ProviderError } from "../contract";
import { accepted, endOf, form, jsonOf, listAt, textOf } from "../reading";
import { GOOGLE, type Token } from "./tokens";

// Cloud Storage: `gs://name` is the one spelling of a bucket. A token for one bucket is the main one with a credential access boundary.

const MOST = 1_000;
const bearer = ({ token }: Token) => ({ headers: { authorization: `Bearer ${token}`, accept: "application/json" } });

/** Of a name or a URI, which may go on to what lies in the bucket; null when it is none. */
export function bucketName(id: string): string | null {
  const name = id
    .trim()
    .replace(/^gs:\/\/([^/]*).*$/s, "$1")
    .replace(/\/+$/, "");
  return /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(name) ? name : null;
}

export async function listBuckets(token: Token, project: string, call: Call): Promise<string[]> {
  const names: string[] = [];
  let page: string | null = null;
  do {
    const query = new URLSearchParams({ project, maxResults: "1000", fields: "items(name),nextPageToken", ...(page ? { pageToken: page } : {}) });
    const answer = jsonOf(accepted(await call.send(`https://storage.googleapis.com/storage/v1/b?${query}`, bearer(token)), GOOGLE), GOOGLE);
    names.push(...listAt(answer, "items").flatMap(({ name }) => textOf(name) ?? []));
    page = textOf(answer.nextPageToken);
  } while (page && names.length < MOST);
  return names.slice(0, MOST).map((name) => `gs://${name}`);
}

/** Error: ProviderError when the bucket's objects can't be listed. */
export async function reachBucket(token: Token, id: string, call: Call): Promise<void> {
  const name = bucketName(id) ?? "";
  const answer = await call.send(`https://storage.googleapis.com/storage/v1/b/${encodeURIComponent(name)}/o?maxResults=1`, bearer(token));
  if (answer.status === 404) throw new ProviderError("not-found", `The bucket ${name} was not found.`);
  accepted(answer, GOOGLE, `The bucket ${name} can't be listed with this key.`);
}

/** The same identity, for the objects of one bucket: what it may not do there it can't do with this one either. */
export async function narrowed(token: Token, id: string, call: Call): Promise<Token> {
  const accessBoundaryRules = [
    {
      availableResource: `//storage.googleapis.com/projects/_/buckets/${bucketName(id)}`,
      availablePermissions: ["inRole:roles/storage.objectAdmin", "inRole:roles/storage.legacyBucketReader"],
    },
  ];
  const answer = jsonOf(
    accepted(
      await call.send(
        "https://sts.googleapis.com/v1/token",
        form({
          grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
          requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
          subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
          subject_token: token.token,
          options: JSON.stringify({ accessBoundary: { accessBoundaryRules } }),
        }),
      ),
      GOOGLE,
    ),
    GOOGLE,
  );
  const made = textOf(answer.access_token);
  if (!made) throw new ProviderError("unreadable-answer", "Google's answer has no access token.");
  // It may say no end: then it ends with the token that it was made of.
  return { token: made, expiresAt: endOf(answer, call.now()) ?? token.expiresAt, actsAs: token.actsAs };
}
