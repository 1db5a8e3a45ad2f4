import { type Call, ProviderError } from "../contract";
import { accepted, jsonOf, listAt, textOf } from "../reading";
import { GOOGLE, type Token } from "./tokens";

// Artifact Registry's docker repositories, and the names under gcr.io, which are repositories of it too.

const MOST = 1_000;
const AT_ONCE = 8;
export const USER = "oauth2accesstoken";

/** `location-docker.pkg.dev/project/repository` or `gcr.io/project`, of what people paste of it. */
export function registryName(id: string): string | null {
  const bare = id
    .trim()
    .replace(/^https?:\/\//, "")
    .replace(/\/+$/, "")
    .toLowerCase();
  const [name] = /^[a-z0-9-]+-docker\.pkg\.dev\/[a-z0-9.:-]+\/[a-z0-9-]+(?=\/|$)|^(?:(?:us|eu|asia)\.)?gcr\.io\/[a-z0-9.:-]+(?=\/|$)/.exec(bare) ?? [];
  return name ?? null;
}

async function all(url: string, key: string, { token }: Token, call: Call) {
  const found = [];
  let page: string | null = null;
  do {
    const query = new URLSearchParams({ pageSize: "1000", ...(page ? { pageToken: page } : {}) });
    const answer = jsonOf(accepted(await call.send(`${url}?${query}`, { headers: { authorization: `Bearer ${token}` } }), GOOGLE), GOOGLE);
    found.push(...listAt(answer, key));
    page = textOf(answer.nextPageToken);
  } while (page && found.length < MOST);
  return found;
}

export async function listRegistries(token: Token, project: string, call: Call): Promise<string[]> {
  const base = `https://artifactregistry.googleapis.com/v1/projects/${encodeURIComponent(project)}/locations`;
  const locations = (await all(base, "locations", token, call)).flatMap(({ locationId }) => textOf(locationId) ?? []);
  const names: string[] = [];
  for (let start = 0; start < locations.length && names.length < MOST; start += AT_ONCE) {
    const pages = locations.slice(start, start + AT_ONCE).map(async (location) => {
      const repositories = await all(`${base}/${encodeURIComponent(location)}/repositories`, "repositories", token, call);
      return repositories.filter(({ format }) => format === "DOCKER").flatMap(({ name }) => nameOf(location, project, textOf(name)));
    });
    names.push(...(await Promise.all(pages)).flat());
  }
  return names.slice(0, MOST);
}

function nameOf(location: string, project: string, resource: string | null): string[] {
  const repository = resource?.split("/").at(-1);
  if (!repository) return [];
  return [/^(?:(?:us|eu|asia)\.)?gcr\.io$/.test(repository) ? `${repository}/${project}` : `${location}-docker.pkg.dev/${project}/${repository}`];
}

/** Error: ProviderError when the registry doesn't take the token, or the repository can't be seen. */
export async function reachRegistry({ token }: Token, id: string, call: Call): Promise<void> {
  const [host = "", project = "", repository] = id.split("/");
  const authorization = `Basic ${Buffer.from(`${USER}:${token}`).toString("base64")}`;
  accepted(await call.send(`https://${host}/v2/`, { headers: { authorization } }), GOOGLE, `${host} doesn't accept the token.`);
  if (!repository) return;
  const location = host.replace(/-docker\.pkg\.dev$/, "");
  const url = `https://artifactregistry.googleapis.com/v1/projects/${project}/locations/${location}/repositories/${repository}`;
  const answer = await call.send(url, { headers: { authorization: `Bearer ${token}` } });
  if (answer.status === 404) throw new ProviderError("not-found", `The repository ${id} was not found.`);
  accepted(answer, GOOGLE, `The repository ${id} can't be seen with this key.`);
}
