import "server-only";
import { constants } from "node:fs";
import { type FileHandle, open, opendir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { environment } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import type { ArtifactStore, FolderLimits, OpenStore, StoreFile, StoreMember } from "./store-contract";

// A local artifact store, read from this machine's disk. A file is read only when, after every link is resolved, it lies inside the
// store's folder and inside the folder that the operator named for the workspace, and is a regular file under the cap. What was checked
// is what is open: the file behind the handle is compared with the one at the checked path. Folders are listed without following links.

/** Opens a local store. Error: forbidden when nobody named a folder for the workspace. */
export function localStore(workspace: string, store: ArtifactStore): OpenStore {
  const root = environment().localArtifactRoots.get(workspace);
  if (!root)
    throw refused(
      "Files in a local artifact store cannot be accessed from the server.",
      `They lie on the machine that ran the pipeline. If this server can see them, start it with REEVE_LOCAL_ARTIFACT_ROOTS=${workspace}=<folder>.`,
    );
  // A local store without a path keeps its files in a folder named by its id.
  const place = { root, folder: store.path ?? path.join(root, store.id) };
  return {
    openFile: async (uri, maxBytes) => openReal(await realOf(place, uri), maxBytes),
    look: async (uri, limits) => {
      const real = await realOf(place, uri);
      const there = await stat(real).catch(gone);
      if (there.isFile()) return { kind: "file", size: requireSize(there.size, limits.maxBytes) };
      if (!there.isDirectory()) throw notRegular(path.basename(real));
      return { kind: "folder", members: await membersOf(real, limits) };
    },
    openMember: async (uri, name, maxBytes) => {
      const folder = await realOf(place, uri);
      const named = path.resolve(folder, name);
      if (!isInside(folder, named) || (await realPathOf(named)) !== named) throw outside();
      return openReal(named, maxBytes);
    },
  };
}

type Place = { root: string; folder: string };

/** The path of a URI with every link resolved, inside the store and the root. Errors: forbidden, not_found. */
async function realOf({ root, folder }: Place, uri: string): Promise<string> {
  const data = environment().dataDirectory;
  const [realRoot, realFolder, realData = data] = await Promise.all([realPathOf(root), realPathOf(folder), realPathOf(data)]);
  if (!realRoot || !realFolder || !isInside(realRoot, realFolder)) throw outside();
  // Said at the start too; a folder may have become a link since.
  if (isInside(realRoot, realData) || isInside(realData, realRoot)) throw outside();
  const named = path.resolve(uri.replace(/^file:\/\//, ""));
  if (!isInside(path.resolve(folder), named) && !isInside(realFolder, named)) throw outside();
  const real = await realPathOf(named);
  if (!real) throw fileGone();
  if (!isInside(realFolder, real)) throw outside();
  return real;
}

async function openReal(real: string, maxBytes: number): Promise<StoreFile> {
  const handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? fileGone() : outside();
  });
  try {
    const [opened, again] = await Promise.all([handle.stat({ bigint: true }), realPathOf(real)]);
    const there = again === real ? await stat(real, { bigint: true }).catch(() => undefined) : undefined;
    if (!opened.isFile() || !there || there.ino !== opened.ino || there.dev !== opened.dev) throw outside();
    const size = requireSize(Number(opened.size), maxBytes);
    return fileOf(handle, { size, modifiedMs: Number(opened.mtimeMs), identity: `${opened.dev}:${opened.ino}` });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

const fileOf = (handle: FileHandle, facts: Pick<StoreFile, "size" | "modifiedMs" | "identity">): StoreFile => ({
  ...facts,
  read: async (buffer, length, position) => (await handle.read(buffer, 0, length, position)).bytesRead,
  close: () => handle.close(),
});

/** The regular files under a folder. A link, a device or a pipe among them is refused, not left out: what is given is whole. */
async function membersOf(folder: string, { maxFiles, maxBytes }: FolderLimits): Promise<StoreMember[]> {
  const members: StoreMember[] = [];
  const waiting = [""];
  let bytes = 0;
  for (let below = waiting.shift(); below !== undefined; below = waiting.shift()) {
    const here = path.join(folder, below);
    if ((await realPathOf(here)) !== here) throw outside();
    for await (const entry of await opendir(here).catch(gone)) {
      const name = below ? `${below}/${entry.name}` : entry.name;
      if (entry.isDirectory()) waiting.push(name);
      else if (!entry.isFile()) throw notRegular(name);
      else {
        const { size } = await stat(path.join(folder, name)).catch(gone);
        bytes += size;
        members.push({ name, size });
      }
      if (members.length + waiting.length > maxFiles) throw new AppError("too_large", `The folder has more than ${maxFiles} files.`);
      requireSize(bytes, maxBytes);
    }
  }
  return members.sort((left, right) => (left.name < right.name ? -1 : 1));
}

function requireSize(size: number, maxBytes: number): number {
  if (size <= maxBytes) return size;
  throw new AppError("too_large", `There is more than ${Math.floor(maxBytes / 1024 / 1024)} MB, which is as much as the server reads.`, {
    fix: "Load it with the client, from where the artifact store can be reached.",
  });
}

const refused = (message: string, fix?: string, reason = "store_unreachable") => new AppError("forbidden", message, { fix, reason });
const outside = () =>
  refused(
    "The file is outside of artifact store bounds.",
    "It has to lie under the store's path and under the folder of REEVE_LOCAL_ARTIFACT_ROOTS.",
    "outside_store",
  );
const notRegular = (name: string) => refused(`${name} is a link or no regular file, and only regular files are given out.`);
const fileGone = () => new AppError("not_found", "The file is not in its artifact store any more.", { reason: "file_gone" });
const gone = (error: NodeJS.ErrnoException): never => {
  throw error.code === "ENOENT" ? fileGone() : outside();
};
const realPathOf = (name: string) => realpath(name).catch(() => undefined);
const isInside = (folder: string, name: string) => name === folder || name.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
