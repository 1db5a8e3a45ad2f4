import fs from "node:fs";
import path from "node:path";
import type { NextConfig } from "next";

/**
 * Headers that don't depend on the request: every route has them, errors included. HTML pages get their
 * Content-Security-Policy from scripts/page-door.mjs (it holds a nonce); what isn't HTML gets a policy that loads nothing.
 * Strict-Transport-Security depends on REEVE_URL and is set at run time by scripts/preload.mjs.
 */
const STATIC_HEADERS = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  { key: "X-Permitted-Cross-Domain-Policies", value: "none" },
  {
    key: "Permissions-Policy",
    value: "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
  },
];
const NEVER_FRAMED = [{ key: "X-Frame-Options", value: "DENY" }];
/** What pipelines made (docs/operations.md): an origin of its own, nothing loaded, framed by our own pages only. The route of frames answers nothing else. */
const FRAMED_APART = [
  { key: "X-Frame-Options", value: "SAMEORIGIN" },
  {
    key: "Content-Security-Policy",
    value:
      "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'",
  },
];
/** Pictures and downloads: opened by themselves they run nothing either. */
const SHOWN_APART = [
  { key: "Content-Security-Policy", value: "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'" },
];
const NOTHING_LOADS = [{ key: "Content-Security-Policy", value: "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'" }];
/**
 * The way to an identity provider can be a form that sends itself on (lib/sso/route.ts): this one script runs. No form-action, since providers
 * send on to addresses of their own, and browsers judge those too; the page of a logout says its own, as only it knows the provider's address.
 */
const SENDS_ITSELF_ON = [
  {
    key: "Content-Security-Policy",
    value: "default-src 'none'; script-src 'sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE='; base-uri 'none'; frame-ancestors 'none'",
  },
];
/** A worker's policy is its script's own: it loads its other parts from here, and nothing else. */
const ONLY_SCRIPTS = [
  { key: "Content-Security-Policy", value: "default-src 'none'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'" },
];

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
  serverExternalPackages: ["pg", "@node-rs/argon2", "prom-client", "@boxyhq/saml-jackson"],
  experimental: { authInterrupts: true },
  headers: async () => [
    { source: "/:path*", headers: STATIC_HEADERS },
    { source: "/:path((?!api/frames/).*)", headers: NEVER_FRAMED },
    { source: "/api/:path((?!frames/|images/|downloads/|sso/authorize|sso/[^/]+/logout).*)", headers: NOTHING_LOADS },
    ...["/api/sso/authorize", "/api/sso/:connection/logout", "/sign-out"].map((source) => ({ source, headers: SENDS_ITSELF_ON })),
    { source: "/api/frames/:path*", headers: FRAMED_APART },
    { source: "/api/:door(images|downloads)/:path*", headers: SHOWN_APART },
    { source: "/_next/static/chunks/:path*", headers: ONLY_SCRIPTS },
    { source: "/:workspace/api/v1/:path*", headers: NOTHING_LOADS },
  ],
};

export default config;
