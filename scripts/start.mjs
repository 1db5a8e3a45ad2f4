// npm start, npm run dev: looks at the environment, builds what changed, then hands over to the launcher (scripts/launcher.ts).
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 20)) {
  console.error(`Reeve needs Node 20.20 or newer; this is ${process.version}.`);
  process.exit(1);
}

const isDev = process.argv.includes("--dev");
process.env.NODE_ENV = isDev ? "development" : "production";
process.title = "reeve";

try {
  const { BUNDLE_DIR, buildBundles, buildWeb } = await import("./build.mjs");
  const { ROOT } = await import("./bundle.mjs");
  await buildBundles();
  const { launch, checkEnvironment } = await import(`file://${BUNDLE_DIR}/launcher.mjs`);
  checkEnvironment(); // relative names in the environment start where the operator stands
  process.chdir(ROOT);
  if (!isDev) await buildWeb(() => console.log("Building the web server: the first time takes about a minute …"));
  await launch({ root: ROOT, bundles: BUNDLE_DIR, isDev });
} catch (error) {
  const { explain } = await import("./explain.mjs");
  console.error(explain(error));
  process.exit(1);
}
