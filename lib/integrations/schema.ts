import { z } from "zod";
import { jsonField } from "@/lib/kernel/form-fields";
import type { Owner } from "@/lib/components/schema";

// Secrets of the organization as forms and pages have them: plain data that has no place for a value.

/** The ids of workspaces, or their JSON. */
export const workspacesField = jsonField(z.array(z.uuid()).max(10_000));

/** Which workspaces may use it, as the trail says it. */
export const workspaceWords = (everywhere: boolean, workspaces: readonly { slug: string }[]): string | string[] =>
  everywhere ? "all" : workspaces.map((workspace) => workspace.slug);

export type IntegrationTableRow = {
  id: string;
  name: string;
  kind: string;
  keys: number;
  version: number;
  everywhere: boolean;
  /** Of the workspaces that the reader reaches: in how many it is, and how many bindings are open there. */
  workspaces: number;
  bound: number;
  lastUsedAt: string | null;
  rotatedAt: string;
  expiresAt: string | null;
  createdAt: string;
};

/** A workspace that may use it; `placementId` is the secret there. */
export type PlacedIn = { workspaceId: string; slug: string; name: string; placementId: string; since: string; bound: number; uses: number; isLeaked: boolean };

export type IntegrationPage = {
  id: string;
  name: string;
  kind: string;
  description: string;
  everywhere: boolean;
  version: number;
  keys: string[];
  isDestroyed: boolean;
  by: Owner;
  rotatedAt: string;
  expiresAt: string | null;
  createdAt: string;
  updatedAt: string;
  /** Those that the reader reaches; `seesAll`: there are no others. */
  workspaces: PlacedIn[];
  seesAll: boolean;
  uses: number;
};

export type WorkspaceChoice = { id: string; slug: string; name: string };

export type DeletedIntegration = { id: string; name: string; kind: string; versions: number; open: number; by: Owner; at: string };
