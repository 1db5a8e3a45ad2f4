import "server-only";
import { readFile } from "node:fs/promises";
import { environment, hostVariable } from "@/lib/kernel/env";
import { guardedCall } from "@/lib/outgoing/guarded-call";
import type { Call, HostIdentity } from "@/lib/providers/connectors/contract";

const HOST: HostIdentity = {
  variable: hostVariable,
  file: (path) => readFile(path, "utf8").catch(() => undefined),
};

/** How providers call outside for a workspace that opens these networks; with this machine's own identity where that is switched on. */
export const callOf = (networks: readonly string[]): Call => guardedCall(networks, { host: environment().implicitConnectors ? HOST : null });
