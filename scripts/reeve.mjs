#!/usr/bin/env node
// npm exec reeve -- …: bundles the command line when it changed, then runs it (scripts/command-line.ts).
process.env.NODE_ENV ??= "production";
process.title = "reeve-cli";

try {
  const { BUNDLE_DIR, buildBundles } = await import("./build.mjs");
  await buildBundles();
  const { commandLine } = await import(`file://${BUNDLE_DIR}/command-line.mjs`);
  process.exit(await commandLine(process.argv.slice(2)));
} catch (error) {
  const { explain } = await import("./explain.mjs");
  console.error(explain(error));
  process.exit(1);
}
