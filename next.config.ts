import fs from "node:fs";
import path from "node:path";
import type { NextConfig } from "next";

/**
 * Headers that don't depend on the request: every route has them, errors included. HTML pages get their
 * Content-Security-Policy from proxy.ts (it holds a nonce); what isn't HTML gets a policy that loads nothing.
 * Strict-Transport-Security depends on REEVE_URL and is set at run time by scripts/preload.mjs.
 */
const STATIC_HEADERS = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  { key: "X-Permitted-Cross-Domain-Policies", value: "none" },
  {
    key: "Permissions-Policy",
    value: "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
  },
];
const NOTHING_LOADS = [{ key: "Content-Security-Policy", value: "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'" }];

const distDir = process.env.REEVE_DIST_DIR ?? ".next";

/** Next writes each build's folder into the tsconfig it is given: a second build of the same tree gets one of its own. */
function tsconfigOf(folder: string): string {
  if (folder === ".next") return "tsconfig.json";
  const file = `.cache/tsconfig${folder}.json`;
  fs.mkdirSync(".cache", { recursive: true });
  if (!fs.existsSync(file)) fs.writeFileSync(file, JSON.stringify({ extends: "../tsconfig.json", include: ["../**/*.ts", "../**/*.tsx"] }));
  return file;
}

const config: NextConfig = {
  distDir,
  turbopack: { root: path.resolve(".") },
  poweredByHeader: false,
  agentRules: false,
  reactStrictMode: true,
  images: { unoptimized: true },
  // `npm run check` runs tsc over everything; a start on a small machine shouldn't pay for it twice.
  typescript: { ignoreBuildErrors: true, tsconfigPath: tsconfigOf(distDir) },
  serverExternalPackages: ["pg", "@node-rs/argon2", "prom-client"],
  experimental: { authInterrupts: true },
  headers: async () => [
    { source: "/:path*", headers: STATIC_HEADERS },
    { source: "/api/:path*", headers: NOTHING_LOADS },
    { source: "/:workspace/api/v1/:path*", headers: NOTHING_LOADS },
  ],
};

export default config;
