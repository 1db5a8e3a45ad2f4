import "server-only";
import { createRequire } from "node:module";
import path from "node:path";

/** Loads a file of the sign-on library by Node itself: the bundled copy would not be the one that the library's own files see. */
export const loadOfLibrary: NodeJS.Require = createRequire(path.join(process.cwd(), "package.json"));
