// npm start, npm run dev: builds what changed, then hands over to the launcher (scripts/launcher.ts).
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 20)) {
  console.error(`Reeve needs Node 20.20 or newer; this is ${process.version}.`);
  process.exit(1);
}

const isDev = process.argv.includes("--dev");
process.env.NODE_ENV = isDev ? "development" : "production";
process.title = "reeve";

try {
  const { BUNDLE_DIR, buildBundles, buildWeb, WEB_DIR } = await import("./build.mjs");
  const { ROOT } = await import("./bundle.mjs");
  await buildBundles();
  if (!isDev) await buildWeb(() => console.log("Building the web server: the first time takes about a minute …"));
  process.chdir(ROOT);
  const { launch } = await import(`file://${BUNDLE_DIR}/launcher.mjs`);
  await launch({ root: ROOT, bundles: BUNDLE_DIR, webDirectory: WEB_DIR, isDev });
} catch (error) {
  console.error(explain(error));
  process.exit(1);
}

function explain(error) {
  if (error.code === "ERR_MODULE_NOT_FOUND") return `${error.message.split("\n")[0]}\nRun npm ci first.`;
  if (error.code === "EACCES" || error.code === "EROFS")
    return `${error.path} can't be written by this user. Start Reeve as the user who owns the folder, or build it first with npm run build.`;
  if (error.fix) return `${error.message}\n${error.fix}`;
  if (/^(EnvironmentError|EmbeddedDatabaseError|StartError|SetupFileError)$/.test(error.name)) return error.message;
  return error.stack ?? String(error);
}
