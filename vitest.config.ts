import path from "node:path";
import { defineConfig } from "vitest/config";

const root = path.resolve(import.meta.dirname);
const alias = [
  { find: /^server-only$/, replacement: path.join(root, "node_modules/server-only/empty.js") },
  { find: /^@\//, replacement: `${root}/` },
];
const rooms = "{app,bench,components,db,lib,scripts}";

/**
 * Three projects, told apart by the file's name: `*.test.ts` needs nothing, `*.db.test.ts` gets a real PostgreSQL
 * (one cluster per run, see db/test-database.ts), `e2e/clients` drives the built product with unmodified clients.
 */
export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [`${rooms}/**/*.test.{ts,tsx}`, "*.test.ts"],
          exclude: ["**/*.db.test.ts", "node_modules/**", "dist/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "database",
          include: [`${rooms}/**/*.db.test.ts`],
          globalSetup: ["./db/test-cluster.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "clients",
          include: ["e2e/clients/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
