import path from "node:path";
import type { NextConfig } from "next";

/** What Reeve's pages and routes are measured against: this server does nothing but Next and one query. */
const config: NextConfig = {
  turbopack: { root: path.resolve(import.meta.dirname, "../..") },
  poweredByHeader: false,
  agentRules: false,
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["pg"],
};

export default config;
