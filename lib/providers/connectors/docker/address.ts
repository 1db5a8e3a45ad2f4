import { isIP } from "node:net";

// A registry's and a repository's one spelling, and where the registry's API is.

const HUB = "docker.io";
const HUB_NAMES = new Set(["", HUB, "index.docker.io", "index.docker.io/v1", "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com"]);

export interface Named {
  registry: string;
  repository: string | null;
  /** Plain http: said by the configuration, or as docker itself does it with this machine. */
  isPlain: boolean;
}

/** `host[:port][/repository]`, with or without a scheme; null when it is none. Nothing means Docker Hub. */
export function readAddress(text: string | null): Named | null {
  const given = (text ?? "").trim().toLowerCase();
  const bare = given
    .replace(/^https?:\/\//, "")
    .replace(/\/+$/, "")
    .replace(/\/v2$/, "");
  if (HUB_NAMES.has(bare)) return { registry: HUB, repository: null, isPlain: false };
  const [host = "", ...path] = bare.split("/");
  if (!/^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:]+\](:\d{1,5})?$/.test(host)) return null;
  const repository = path.join("/");
  if (repository && !/^[a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*$/.test(repository)) return null;
  const registry = HUB_NAMES.has(host) ? HUB : host;
  return { registry, repository: repository || null, isPlain: given.startsWith("http://") || (!given.startsWith("https://") && isThisMachine(host)) };
}

function isThisMachine(host: string): boolean {
  const name = host.replace(/:\d+$/, "");
  return name === "localhost" || (isIP(name) === 4 && name.startsWith("127.")) || name === "[::1]";
}

export const nameOf = ({ registry, repository }: Pick<Named, "registry" | "repository">): string => (repository ? `${registry}/${repository}` : registry);

/** Where the registry's API is, without a slash at the end. */
export const apiOf = ({ registry, isPlain }: Named): string =>
  registry === HUB ? "https://registry-1.docker.io" : `${isPlain ? "http" : "https"}://${registry}`;
