// What the server may do with an artifact store: open a file by its URI, and list what lies under a folder.

/** An open file. What was checked when it was opened is what is read. */
export type StoreFile = {
  size: number;
  modifiedMs: number;
  /** The same for as long as it is the same file: keys what was learnt of it. */
  identity: string;
  /** Reads at most `length` bytes at `position` into the start of `buffer`; gives how many. */
  read(buffer: Buffer, length: number, position: number): Promise<number>;
  close(): Promise<void>;
};

/** A file under a folder: `name` is its path below it, with slashes. */
export type StoreMember = { name: string; size: number };
/** What lies at a URI: one file, or a folder with its files in order of their names. */
export type StoreThing = { kind: "file"; size: number } | { kind: "folder"; members: StoreMember[] };
export type FolderLimits = { maxFiles: number; maxBytes: number };

/** `mayGrow`: what is appended while it is read is no other file. */
export type OpenOptions = { mayGrow?: boolean };

/**
 * Errors of all: forbidden with the reason in words when the server may not reach what is asked for, not_found when it is not there,
 * too_large over a limit, conflict when a file became another one while it was read.
 */
export type OpenStore = {
  openFile(uri: string, maxBytes: number, options?: OpenOptions): Promise<StoreFile>;
  look(uri: string, limits: FolderLimits): Promise<StoreThing>;
  /** A file that `look` named. It must be where it was: a link is followed nowhere on the way. */
  openMember(uri: string, name: string, maxBytes: number): Promise<StoreFile>;
};

export type ArtifactStore = {
  id: string;
  name: string;
  flavor: string;
  path: string | null;
  configuration: Record<string, unknown>;
  /** The connector that it gets its credentials through, and the resource of it; the type is the flavor's. */
  connectorId: string | null;
  resourceType: string | null;
  resourceId: string | null;
};
