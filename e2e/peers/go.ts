import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../fixtures";

// Peers that come as Go modules, built once into .cache/peers/bin at low priority: a build takes minutes, and others work on the machine.

const BIN = path.join(ROOT, ".cache", "peers", "bin");
const ENVIRONMENT = { ...process.env, GOFLAGS: "-mod=mod", CGO_ENABLED: "0", GOBIN: BIN };
const SMALL = ["-trimpath", "-ldflags", "-s -w"];

function go(args: string[], cwd: string): string {
  mkdirSync(cwd, { recursive: true });
  try {
    return execFileSync("nice", ["-n", "19", "go", ...args], {
      cwd,
      env: ENVIRONMENT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 2 ** 26,
    });
  } catch (cause) {
    throw new Error(`A peer could not be built: it needs Go and its module proxy (go ${args[0]}).`, { cause });
  }
}

/** A program that is a module's own, such as MinIO. */
export function installed(name: string, module: string): string {
  const file = path.join(BIN, name);
  if (!existsSync(file)) go(["install", ...SMALL, module], BIN);
  return file;
}

/** A program of a `main` of ours: what a module offers as a library only. */
function built(name: string, version: string, main: string, prepare: (folder: string) => void, flags = SMALL): string {
  const file = path.join(BIN, `${name}-${version}`);
  if (existsSync(file)) return file;
  const folder = path.join(BIN, "..", "src", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "main.go"), main);
  prepare(folder);
  go(["build", ...flags, "-o", `${file}.part`, "."], folder);
  renameSync(`${file}.part`, file);
  return file;
}

/** Debian's etcd is too old for the watches of today's API server. */
export const etcd = (version: string): string =>
  built(
    "etcd",
    version,
    'package main\n\nimport (\n\t"os"\n\n\t"go.etcd.io/etcd/server/v3/etcdmain"\n)\n\nfunc main() { etcdmain.Main(os.Args) }\n',
    (folder) => {
      if (!existsSync(path.join(folder, "go.mod"))) go(["mod", "init", "localetcd"], folder);
      go(["get", `go.etcd.io/etcd/server/v3@v${version}`], folder);
      go(["mod", "tidy"], folder);
    },
  );

const APISERVER = `package main

import (
	"os"

	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() { os.Exit(cli.Run(app.NewAPIServerCommand())) }
`;

/**
 * Kubernetes is a module whose own go.mod points its parts at folders. The same parts are published, as v0.X.Y for Kubernetes v1.X.Y: a module of
 * ours requires what Kubernetes requires and maps each part to its version.
 */
export function apiServer(version: string): string {
  const minor = version.replace(/^1\./, "");
  const prepare = (folder: string) => {
    const { GoMod } = JSON.parse(go(["mod", "download", "-json", `k8s.io/kubernetes@v${version}`], BIN)) as { GoMod: string };
    const own = JSON.parse(execFileSync("go", ["mod", "edit", "-json", GoMod], { encoding: "utf8" })) as {
      Go: string;
      Godebug?: { Key: string; Value: string }[];
      Require: { Path: string; Version: string }[];
      Replace?: { Old: { Path: string }; New: { Path: string } }[];
    };
    const parts = own.Replace?.filter((one) => one.New.Path.startsWith("./staging/")).map((one) => one.Old.Path) ?? [];
    const lines = [
      "module localkube",
      `go ${own.Go}`,
      ...(own.Godebug ?? []).map(({ Key, Value }) => `godebug ${Key}=${Value}`),
      `require k8s.io/kubernetes v${version}`,
      ...own.Require.map((one) => `require ${one.Path} ${parts.includes(one.Path) ? `v0.${minor}` : one.Version}`),
      ...parts.map((part) => `replace ${part} => ${part} v0.${minor}`),
    ];
    writeFileSync(path.join(folder, "go.mod"), `${lines.join("\n")}\n`);
  };
  const stamp = "k8s.io/component-base/version";
  const flags = ["-trimpath", "-ldflags", `-s -w -X ${stamp}.gitVersion=v${version} -X ${stamp}.gitMajor=1 -X ${stamp}.gitMinor=${minor.split(".")[0]}`];
  return built("kube-apiserver", version, APISERVER, prepare, flags);
}
