import "server-only";
import { gzipSync } from "node:zlib";

// The script that a page needs before it can do anything: every file that its first HTML names, compressed as a proxy would send it.

/** In kB of gzip (1000 bytes). */
export async function firstScriptKb(origin: string, path: string, headers: Record<string, string>): Promise<number> {
  const page = await fetch(`${origin}${path}`, { headers });
  if (!page.ok) throw new Error(`${path} answered ${page.status}`);
  const sources = scriptsOf(await page.text());
  let bytes = 0;
  for (const source of sources) {
    const script = await fetch(new URL(source, origin), { headers });
    if (!script.ok) throw new Error(`${source} answered ${script.status}`);
    bytes += gzipSync(Buffer.from(await script.arrayBuffer())).length;
  }
  return bytes / 1000;
}

/** What the HTML loads as scripts, each once; scripts for browsers without modules are loaded by none of ours. */
export function scriptsOf(html: string): string[] {
  const sources = new Set<string>();
  for (const [tag] of html.matchAll(/<script\b[^>]*>/gi)) {
    const source = /\bsrc="([^"]+)"/i.exec(tag)?.[1];
    if (source && !/\bnomodule\b/i.test(tag)) sources.add(source.replaceAll("&amp;", "&"));
  }
  return [...sources];
}
