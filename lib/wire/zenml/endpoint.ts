import "server-only";
import type { Permission } from "@/lib/authz/permissions";
import type { CallContext } from "@/lib/kernel/command";
import type { Workspace } from "@/lib/kernel/command";
import type { BodyRequest } from "@/lib/kernel/route";
import type { components } from "./openapi";

// What a row of the endpoint table is. The table is the whole wire: what it does not name answers 501 or 404.

/** What the wire reads of a request: the framework's is one, and scripts/wire-door.mjs makes a lighter one. */
export type WireRequest = BodyRequest & { method: string; url: string };

export type Schemas = components["schemas"];

export type WireCall = {
  context: CallContext & { workspace: Workspace };
  /** The path's parameters, decoded. */
  path: Record<string, string>;
  query: URLSearchParams;
  /** The parsed JSON body; null when there is none. */
  body: unknown;
  rawBody: string;
  /** Whether `metadata` was asked for; the default is true for one thing, false for a list. */
  hydrate: boolean;
};

export type Endpoint = {
  method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH";
  /** Below `/api/v1`, with `{parameters}`. */
  path: string;
  permission: Permission;
  /** `entry`: an audit entry each time; `data`: actor, time and request id on the row; else why neither (ARCHITECTURE §3). */
  audit: "entry" | "data" | `none: ${string}`;
  /** Lists hydrate only when asked to. */
  list?: boolean;
  /** Reads files, or writes although it is a GET: its reads are transactions of their own, so that none is held meanwhile. */
  apart?: true;
  handle: (call: WireCall) => Promise<unknown>;
};
