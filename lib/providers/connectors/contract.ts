// What a provider of short-lived credentials must do, and what it is given. A provider knows one outside system and nothing of Reeve: who may
// ask, what is recorded and where keys rest is decided by who calls it. Everything it calls goes through the `Call` it is given.

/** A value of a connector's configuration, as its method's schema says. */
export type Value = string | number | boolean | null | readonly string[] | Readonly<Record<string, string>>;

/** A connector as its provider sees it: the method, and its configuration with the main keys in it. */
export interface Connection {
  method: string;
  values: Readonly<Record<string, Value>>;
}

export interface Request {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** PEM certificates that are trusted instead of the usual ones. */
  ca?: string;
  /** PEM of a client certificate and its key (RFC 8446 §4.4.2). */
  client?: { certificate: string; key: string };
  /** The answer's bytes as they are kept there, also where they are labelled as compressed. */
  isRaw?: boolean;
  /** The server's certificate is not checked: only where the connector's own configuration says so. */
  isInsecure?: boolean;
}

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

/** The server's own identity at a cloud, as the cloud's tools leave it on a machine: for the `implicit` methods alone. */
export interface HostIdentity {
  /** A variable of the server's environment. */
  variable(name: string): string | undefined;
  /** A file, such as a workload's web identity token; undefined when it can't be read. */
  file(path: string): Promise<string | undefined>;
}

/** What a provider may do outside, and when it is. `send` is the outgoing guard's: it throws `ProviderError` "unreachable" or "refused-address". */
export interface Call {
  send(url: string, request?: Request): Promise<Answer>;
  /** The first line that a server says by itself to who connects, as servers of SSH do. Throws as `send` does. */
  greeting(host: string, port: number): Promise<string>;
  now(): Date;
  /** Null while implicit methods are switched off, which is the default. */
  host: HostIdentity | null;
}

/** How one credential is ended before its time. */
export interface Ending {
  /** By what the peer finds it: names, no secrets. Credentials with the same names end together. */
  names: Readonly<Record<string, string>>;
  /** The credential itself, where the peer ends what it is shown. */
  token?: string;
}

export interface Issued {
  /** The type of connector that uses what was issued: a cloud's cluster is used as `kubernetes`, its registry as `docker`. */
  type: string;
  /** The method by which it is used: an AWS session token as `sts-token`. */
  method: string;
  values: Readonly<Record<string, Value>>;
  /** Fields of `values` that are secret. */
  secretFields: readonly string[];
  /** Null when the peer says no end. */
  expiresAt: Date | null;
  /** Whether it reaches the resource alone, or all that its main key reaches (an AWS session token can't be narrowed). */
  reach: "resource" | "as-main-key";
  /** Whom the peer sees acting, where it says: an ARN, an account's e-mail. */
  actsAs: string | null;
  /** The peer's own id of the call that issued it. */
  peerRequestId: string | null;
  /** Left out where the peer can't end it. */
  ending?: Ending;
  /** The longest life in seconds that the peer allowed, where that was less than asked. */
  peerLimit?: number;
}

export interface Target {
  resourceType: string;
  /** As `canonicalId` gives it; null for types of resources without instances and for connectors to many. */
  resourceId: string | null;
}

export interface Issue extends Target {
  /** Seconds wanted, within the method's limits already. Null: the method's default. */
  lifetime: number | null;
  /** Names the asker at the peer, for its own trail: `[A-Za-z0-9_=,.@-]{2,64}` (AWS RoleSessionName and SourceIdentity). */
  session: string;
}

/** A stored object without its bytes. `version` is another one when its bytes are others. */
export interface ObjectFacts {
  size: number;
  modifiedMs: number;
  version: string;
}

/** Reads the objects of one bucket or container with what was issued for it. All throw `ProviderError`. */
export interface ObjectReader {
  /** Null when there is no object of this key. */
  facts(key: string): Promise<ObjectFacts | null>;
  /** At most `length` bytes from `from` on. With a version only of that one: else "refused" with the code of `CHANGED`. */
  read(key: string, range: { from: number; length: number; version: string | null }): Promise<Buffer>;
  /** Objects whose keys begin with the prefix, a page of them; `next` asks for the rest. */
  list(prefix: string, next: string | null): Promise<{ objects: { key: string; size: number }[]; next: string | null }>;
}

/** The code of a read whose object has become another version. */
export const CHANGED = "PreconditionFailed";

/** One type of connector. All but `canonicalId` and `issuesShortLived` call outside and throw `ProviderError`. */
export interface ConnectorProvider {
  readonly type: string;
  /** One spelling for each resource: a bucket's name, ARN and URI are one. Null when it is no name of such a resource. */
  canonicalId(connection: Connection, resourceType: string, id: string): string | null;
  /** False: what leaves are the main keys themselves, which policy refuses by default ("no long-lived keys leave"). */
  issuesShortLived(connection: Connection, target: Target): boolean;
  /** Says that the keys are accepted, and by name which resource can't be reached when one is asked. */
  verify(connection: Connection, target: Target | null, call: Call): Promise<void>;
  /** The canonical ids that are reachable, at most 1,000. */
  list(connection: Connection, resourceType: string, call: Call): Promise<string[]>;
  issue(connection: Connection, wanted: Issue, call: Call): Promise<Issued>;
  /** For types that reach objects. `keys` gives what was issued for the resource, each time that something is read: it may have ended meanwhile. */
  objects?(keys: () => Promise<Pick<Issued, "values">>, resourceId: string, call: Call): ObjectReader;
  /** Ends what has an `ending`; what is gone already is no error. Those that end together end only where they began before `before`. */
  revoke?(connection: Connection, ending: Ending, before: Date, call: Call): Promise<void>;
  /** Takes away what `issue` left at the peer for a credential that has ended by itself. */
  tidy?(connection: Connection, ending: Ending, call: Call): Promise<void>;
}

/**
 * What went wrong outside, in our words. `code` is the peer's own code (`ExpiredToken`, `AADSTS7000215`), kept only when it is made of letters,
 * digits, dots and dashes: what a peer says may quote the keys it was sent (SEC-4).
 */
export class ProviderError extends Error {
  override name = "ProviderError";
  readonly code: string | null;
  constructor(
    readonly reason: "refused" | "unreachable" | "refused-address" | "not-found" | "misconfigured" | "unsupported" | "unreadable-answer",
    message: string,
    code: string | null = null,
  ) {
    super(message);
    this.code = code && /^[A-Za-z0-9.-]{1,80}$/.test(code) ? code : null;
  }
}
