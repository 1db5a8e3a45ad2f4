// Turns what stopped a start or a command into what a person reads: sentences for what we know, a stack for what we don't.
const SENTENCES = /^(EnvironmentError|EmbeddedDatabaseError|StartError|SetupFileError|BuildError|UsageError)$/;

/** The text to print for an error that ends the process. */
export function explain(error) {
  if (error.code === "ERR_MODULE_NOT_FOUND" && !error.message.includes("/dist/")) return `${error.message.split("\n")[0]}\nRun npm ci first.`;
  if (error.code === "EACCES" || error.code === "EROFS" || error.code === "EPERM")
    return `${error.path} can't be used by this user (${error.code}). Run this as the user who owns it; the built parts can be made with npm run build.`;
  if (error.name === "AppError" && error.code === "sealed" && error.cause) return error.cause.message; // who works on this machine reads the whole reason
  if (error.name === "AppError")
    return [error.message, error.fix].filter(Boolean).join("\n") + (error.cause && error.code === "internal" ? `\n${error.cause.stack}` : "");
  if (SENTENCES.test(error.name)) return error.message;
  return error.stack ?? String(error);
}
