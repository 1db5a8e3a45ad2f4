import os from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";

const root = path.resolve(import.meta.dirname);
const alias = [
  { find: /^server-only$/, replacement: path.join(root, "node_modules/server-only/empty.js") },
  { find: /^@\//, replacement: `${root}/` },
];
const REEVE_SIGNING_KEY = Buffer.alloc(32, 9).toString("base64");
const rooms = "{app,bench,components,db,lib,scripts}";

/** Tests that drive the built product from outside, `maxWorkers` files at a time: each may start a whole Reeve. */
const outside = (name: string, maxWorkers: number) => ({
  extends: true as const,
  test: { name, include: [`e2e/${name}/**/*.test.ts`], testTimeout: 600_000, hookTimeout: 600_000, maxWorkers },
});

/**
 * Projects, told apart by the file's name: `*.test.ts` needs nothing, `*.db.test.ts` gets a real PostgreSQL
 * (one cluster per run, see db/test-database.ts), `e2e/clients` drives the built product with unmodified clients,
 * `e2e/peers` and `e2e/soak` the same against real peers and for hours (npm run test:peers, test:soak).
 */
export default defineConfig({
  resolve: { alias },
  test: {
    maxWorkers: os.availableParallelism(), // one less unless said here: on two cores one file at a time, which waits for its database half of it
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [`${rooms}/**/*.test.{ts,tsx}`, "*.test.ts"],
          exclude: ["**/*.db.test.ts", "node_modules/**", "dist/**"],
          env: { REEVE_SIGNING_KEY },
          testTimeout: 20_000, // generated cases on a busy machine
        },
      },
      {
        extends: true,
        test: {
          name: "database",
          include: [`${rooms}/**/*.db.test.ts`],
          globalSetup: ["./db/test-cluster.ts"],
          env: { REEVE_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"), REEVE_SIGNING_KEY },
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      outside("clients", 2),
      outside("peers", 1),
      outside("soak", 1),
    ],
  },
});
