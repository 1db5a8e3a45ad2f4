// Bundles TypeScript entry points to plain modules for Node: ours inside, packages outside.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** Node is the server: the guard of Next's bundles has nothing to guard here. */
const serverOnly = {
  name: "server-only",
  setup(build) {
    build.onResolve({ filter: /^server-only$/ }, () => ({ path: "server-only", namespace: "empty" }));
    build.onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "" }));
  },
};

/**
 * Bundles entry points (paths relative to the repository, keyed by the name of the output) into `outdir`.
 * The output lies inside the repository, so that its imports find node_modules.
 */
export async function bundle(entryPoints, outdir = path.join(ROOT, "dist")) {
  await build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["react-server"],
    plugins: [serverOnly],
    sourcemap: true,
    sourcesContent: false,
    logLevel: "warning",
  });
}
