// node scripts/run.mjs path/to/script.ts [arguments]: bundles one TypeScript file and runs it in plain Node.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import path from "node:path";
import { bundle, ROOT } from "./bundle.mjs";

const [script, ...args] = process.argv.slice(2);
if (!script) {
  console.error("usage: node scripts/run.mjs path/to/script.ts [arguments]");
  process.exit(2);
}
const entry = path.relative(ROOT, path.resolve(script));
// A name per process, as two people may run the same script at once.
const name = `${path.basename(entry).replace(/\.tsx?$/, "")}-${createHash("sha256").update(`${entry}${process.pid}`).digest("hex").slice(0, 8)}`;
const outdir = path.join(ROOT, "dist", "run");
await bundle({ [name]: entry }, outdir);

const child = spawn(process.execPath, ["--conditions", "react-server", "--enable-source-maps", path.join(outdir, `${name}.mjs`), ...args], {
  stdio: "inherit",
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", async (code, signal) => {
  const { rm } = await import("node:fs/promises");
  await Promise.all([`${name}.mjs`, `${name}.mjs.map`].map((file) => rm(path.join(outdir, file), { force: true })));
  process.exit(code ?? (signal === "SIGINT" ? 130 : 143));
});
