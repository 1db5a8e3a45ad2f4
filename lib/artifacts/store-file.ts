import "server-only";
import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { Tx } from "@/lib/kernel/transaction";
import { environment } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";

// Opens a file of a local artifact store. A file is read only when, after every link is resolved, it lies inside the store's folder
// and inside the folder that the operator named for the workspace, and is a regular file under the cap. What was checked is what is
// open: the file behind the handle is compared with the one at the checked path.

export type StoreFile = { handle: FileHandle; size: number; modifiedMs: number; identity: string };
export type ArtifactStore = { id: string; name: string; flavor: string; path: string | null };

/** The artifact store component; undefined when it is gone. */
export async function findArtifactStore(tx: Tx, workspaceId: string, id: string | null): Promise<ArtifactStore | undefined> {
  if (!id) return undefined;
  const row = await tx
    .selectFrom("component as c")
    .innerJoin("flavor as f", "f.id", "c.flavor_id")
    .select(["c.id", "c.name", "c.configuration", "f.name as flavor"])
    .where("c.id", "=", id)
    .where("c.workspace_id", "=", workspaceId)
    .where("c.type", "=", "artifact_store")
    .executeTakeFirst();
  if (!row) return undefined;
  const configured = (row.configuration as { path?: unknown } | null)?.path;
  return { id: row.id, name: row.name, flavor: row.flavor, path: typeof configured === "string" && configured !== "" ? configured : null };
}

/**
 * Opens `uri` for reading; the caller closes the handle. Errors: forbidden with the reason in words when the server may not reach the
 * file, not_found when there is none, too_large over `maxBytes`.
 */
export async function openStoreFile(slug: string, store: ArtifactStore | undefined, uri: string, maxBytes: number): Promise<StoreFile> {
  const root = environment().localArtifactRoots.get(slug);
  if (!store) throw unreachable("The artifact store of these files is not registered any more.");
  if (store.flavor !== "local") throw unreachable(`The artifact store ${store.name} (${store.flavor}) cannot be read by this server yet.`);
  if (!root)
    throw unreachable(
      "Files in a local artifact store cannot be accessed from the server.",
      `They lie on the machine that ran the pipeline. If this server can see them, start it with REEVE_LOCAL_ARTIFACT_ROOTS=${slug}=<folder>.`,
    );
  const outside = () =>
    unreachable("The file is outside of artifact store bounds.", `It has to lie under the store's path and under the folder of REEVE_LOCAL_ARTIFACT_ROOTS.`);
  // A local store without a path keeps its files in a folder named by its id.
  const folder = store.path ?? path.join(root, store.id);
  const [realRoot, realFolder] = await Promise.all([realPathOf(root), realPathOf(folder)]);
  if (!realRoot || !realFolder || !isInside(realRoot, realFolder)) throw outside();
  const named = path.resolve(uri.replace(/^file:\/\//, ""));
  if (!isInside(path.resolve(folder), named) && !isInside(realFolder, named)) throw outside();
  const real = await realPathOf(named);
  if (!real) throw new AppError("not_found", "The file is not in its artifact store any more.", { reason: "file_gone" });
  if (!isInside(realFolder, real)) throw outside();
  const handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? new AppError("not_found", "The file is not in its artifact store any more.", { reason: "file_gone" }) : outside();
  });
  try {
    const [opened, again] = await Promise.all([handle.stat({ bigint: true }), realPathOf(real)]);
    const there = again === real ? await stat(real, { bigint: true }).catch(() => undefined) : undefined;
    if (!opened.isFile() || !there || there.ino !== opened.ino || there.dev !== opened.dev) throw outside();
    if (opened.size > BigInt(maxBytes))
      throw new AppError("too_large", `The file is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB, which is as much as the server reads.`);
    return { handle, size: Number(opened.size), modifiedMs: Number(opened.mtimeMs), identity: `${opened.dev}:${opened.ino}` };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

const unreachable = (message: string, fix?: string) => new AppError("forbidden", message, { fix, reason: "store_unreachable" });
const realPathOf = (name: string) => realpath(name).catch(() => undefined);
const isInside = (folder: string, name: string) => name === folder || name.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
